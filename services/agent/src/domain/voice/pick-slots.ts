import { toLocal } from "../resolve-local-time.ts";

/** How many a caller is told at once. */
const MOST_SPOKEN = 5;
const FEW = 3;

/** Up to five of `slots` (in the order of time), spread evenly with the first and last among them. */
export function spread<Slot extends { start: Date }>(slots: Slot[]): Slot[] {
  if (slots.length <= MOST_SPOKEN) return slots;
  const step = (slots.length - 1) / (MOST_SPOKEN - 1);
  return Array.from({ length: MOST_SPOKEN }, (_, i) => slots[Math.round(i * step)]).filter(
    (slot) => slot !== undefined,
  );
}

/** The five nearest to a moment, in the order of time. */
export function nearest<Slot extends { start: Date }>(slots: Slot[], moment: Date): Slot[] {
  const away = ({ start }: Slot) => Math.abs(start.getTime() - moment.getTime());
  return slots
    .toSorted((a, b) => away(a) - away(b))
    .slice(0, MOST_SPOKEN)
    .toSorted((a, b) => a.start.getTime() - b.start.getTime());
}

/** Up to five of the first day that has some; where it has fewer than three, those of the following days too. */
export function firstDays<Slot extends { start: Date }>(slots: Slot[], timeZone: string): Slot[] {
  const picked: Slot[] = [];
  for (const ofDay of Map.groupBy(slots, ({ start }) => toLocal(start, timeZone).date).values()) {
    if (picked.length >= FEW) break;
    picked.push(...spread(ofDay));
  }
  return picked.slice(0, MOST_SPOKEN);
}
