import { describeDay, describeTime } from "../describe-time.ts";
import { resolveLocal } from "../resolve-local-time.ts";
import type { TimeWindow, Weekday, When, WorkingHours } from "../when.ts";
import type { Turn } from "./dialogue-types.ts";
import { requestedOffering } from "./requested-offering.ts";
import type { Topic } from "./understand-message.ts";
import { texts, WEEKDAY_NAMES } from "./words-en.ts";

const WEEK: Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** Answers questions about the business from its profile. `hoursOn`: the day a question for hours is about. */
export function answerTopics(turn: Turn, topics: Set<Topic>, hoursOn?: When): string {
  const { tenant, state } = turn;
  const offering = requestedOffering(tenant, state);
  const answers: Record<Topic, () => string> = {
    price: () => texts.price(offering.name, offering.priceHint),
    duration: () => texts.duration(offering.name, offering.durationMinutes),
    services: () => texts.services(tenant.offerings.map(({ name }) => name)),
    hours: () => (typeof hoursOn?.date === "string" ? hoursOnDay(hoursOn.date, turn) : texts.hours(hoursOfWeek(turn))),
    elsewhere: texts.elsewhere,
  };
  return [...topics].map((topic) => answers[topic]()).join(" ");
}

function hoursOnDay(date: string, { tenant, now }: Turn): string {
  const { timeZone, workingHours } = tenant;
  const noon = resolveLocal({ date, time: "12:00", timeZone }).instant;
  // A local date is the same date in UTC here: its noon has the weekday we look for.
  const weekday = WEEK[(new Date(`${date}T12:00Z`).getUTCDay() + 6) % 7];
  return texts.hoursOn(describeDay(noon, timeZone, now), spans(weekday ? workingHours[weekday] : undefined));
}

/** "Mon 9:00 AM-12:00 PM, 1:00 PM-5:00 PM; Tue-Thu 9:00 AM-5:00 PM" */
function hoursOfWeek({ tenant: { workingHours } }: Turn): string {
  const runs: { from: Weekday; to: Weekday; hours: string }[] = [];
  for (const day of WEEK) {
    const hours = spans(workingHours[day]);
    const last = runs.at(-1);
    if (last && last.hours === hours) last.to = day;
    else runs.push({ from: day, to: day, hours });
  }
  return runs
    .filter(({ hours }) => hours !== "")
    .map(({ from, to, hours }) => `${WEEKDAY_NAMES[from]}${from === to ? "" : `-${WEEKDAY_NAMES[to]}`} ${hours}`)
    .join("; ");
}

function spans(windows: WorkingHours[Weekday]): string {
  const inWords = (time: TimeWindow["from"]) =>
    describeTime(new Date(`2000-01-01T${time === "24:00" ? "00:00" : time}Z`), "UTC");
  return (windows ?? []).map(({ from, to }) => `${inWords(from)}-${inWords(to)}`).join(", ");
}
