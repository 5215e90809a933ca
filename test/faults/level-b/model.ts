/** One slot that somebody may want, fixed for a run: whoever claims `holdId` claims exactly this. Minutes of one day. */
export interface Wish {
  holdId: string;
  calendarId: string;
  offeringId: string;
  /** When the appointment starts. */
  start: number;
  /** What it occupies, buffers included: [from, to). */
  from: number;
  to: number;
  /** E.164. */
  customer: string;
  /** Whether Google refuses the event of this wish, so that its CONFIRM fails. */
  refused: boolean;
}

export interface ModelHold {
  status: "held" | "kept" | "confirmed" | "expired" | "released";
  /** Held or kept past its time. */
  ranOut: boolean;
  attempt: "none" | "started" | "confirmed" | "failed";
}

/** The whole store: what became of each wish that was ever claimed. Never changed in place: the search branches on it. */
export type Model = ReadonlyMap<Wish, ModelHold>;

/** What one step makes of the store, and what its caller is told, if anything yet. */
export interface Outcome {
  model: Model;
  answer?: string;
}

const isLive = (hold: ModelHold) => hold.status === "held" || hold.status === "kept" || hold.status === "confirmed";
const isStale = (hold: ModelHold) => (hold.status === "held" || hold.status === "kept") && hold.ranOut;
const overlap = (a: Wish, b: Wish) => a.calendarId === b.calendarId && a.from < b.to && b.from < a.to;

const withHold = (model: Model, wish: Wish, hold: ModelHold): Model => new Map(model).set(wish, hold);

function expireStale(model: Model, around: Wish): Model {
  const next = new Map(model);
  for (const [wish, hold] of model)
    if (overlap(wish, around) && isStale(hold)) next.set(wish, { ...hold, status: "expired", ranOut: false });
  return next;
}

const isTaken = (model: Model, by: Wish) =>
  [...model].some(([wish, hold]) => wish !== by && overlap(wish, by) && isLive(hold));

/** A slot is won by exactly one; the loser keeps everything as it was, the hold it meant to give back included. */
export function claim(model: Model, wish: Wish, replaces?: Wish): Outcome {
  const given =
    replaces && replaces !== wish && replaces.customer === wish.customer ? release(model, replaces).model : model;
  const cleared = expireStale(given, wish);
  const known = cleared.get(wish);
  const won = known ? known.status === "held" || known.status === "confirmed" : !isTaken(cleared, wish);
  if (!won) return { model, answer: "lost" };
  if (known) return { model: cleared, answer: "won" };
  return { model: withHold(cleared, wish, { status: "held", ranOut: false, attempt: "none" }), answer: "won" };
}

/** Only what is held, and not being confirmed, can be given back. */
export function release(model: Model, wish: Wish): Outcome {
  const hold = model.get(wish);
  if (hold?.status !== "held" || hold.attempt === "started") return { model, answer: "nothing" };
  return { model: withHold(model, wish, { ...hold, status: "released", ranOut: false }), answer: "released" };
}

/** T1. A hold that ran out is taken back if nobody else has the slot. */
export function beginConfirm(model: Model, wish: Wish): Outcome {
  const hold = model.get(wish);
  if (!hold) return { model, answer: "hold_not_found" };
  if (hold.attempt !== "none") return { model, answer: hold.attempt };
  if (hold.status !== "held" && hold.status !== "expired") return { model, answer: "slot_taken" };
  const cleared = hold.status === "expired" ? expireStale(model, wish) : model;
  if (hold.status === "expired" && isTaken(cleared, wish)) return { model, answer: "slot_taken" };
  return { model: withHold(cleared, wish, { status: "held", ranOut: false, attempt: "started" }) };
}

/** T2, or F where the calendar refuses: then the slot is kept for a human. */
export function endConfirm(model: Model, wish: Wish): Outcome {
  const hold = model.get(wish);
  if (hold?.attempt !== "started") throw new Error("only an attempt that was begun ends");
  const end = wish.refused ? "failed" : "confirmed";
  const status = wish.refused ? "kept" : "confirmed";
  return { model: withHold(model, wish, { status, ranOut: false, attempt: end }), answer: end };
}

/** The time of a hold passes. Never during its attempt: T1 gives it longer than the attempt may take. */
export function runOut(model: Model, wish: Wish): Outcome {
  const hold = model.get(wish);
  if (!hold || (hold.status !== "held" && hold.status !== "kept") || hold.attempt === "started")
    return { model, answer: "nothing" };
  return { model: withHold(model, wish, { ...hold, ranOut: true }), answer: "ran out" };
}

/** Whether a customer may be offered the slot: nobody who has not run out has it. */
export const isFree = (model: Model, wish: Wish): boolean =>
  ![...model].some(([other, hold]) => overlap(other, wish) && isLive(hold) && !isStale(hold));
