/** A intake · B turn and hold · C calendar insert and confirm · D telling the customer · E alert and flag. */
export const stages = ["A", "B", "C", "D", "E"] as const;
export type Stage = (typeof stages)[number];

/** Who makes a cell fire: A the seeded simulation, C the real processes. */
export type Level = "A" | "C";

const notBuilt = (what: string) => ({ levels: [] as Level[], missing: what });
const by = (...levels: Level[]) => ({ levels });

const drift = notBuilt("the watch for events that were moved or deleted by hand is not built");
const model = notBuilt("the dialogue is rules alone: there is no model yet");
const clock = notBuilt(
  "the clock of one process of several cannot be moved; the signature window has tests of the gateway",
);

/** The matrix of the fault design: which fault strikes in which stage, and which level must make it fire. */
const rows = {
  kill: { A: by("A", "C"), B: by("A", "C"), C: by("A", "C"), D: by("A", "C"), E: by("A", "C") },
  postgres_cut: { A: by("A"), B: by("A"), C: by("A"), D: by("A"), E: by("A") },
  postgres_restart: { A: by("C"), B: by("C"), C: by("C"), D: by("C"), E: by("C") },
  kafka_down: { E: by("C") },
  events_repeated: { C: by("A"), E: by("A") },
  google_5xx: { C: by("A"), D: by("A"), E: by("A") },
  google_timeout_before: { C: by("A"), D: by("A"), E: by("A") },
  google_timeout_after: { C: by("A"), D: by("A"), E: by("A") },
  google_slow: { C: by("A") },
  google_quota: { B: by("A"), C: by("A"), E: by("A") },
  google_429: { B: by("A"), C: by("A"), E: by("A") },
  google_invalid_grant: { B: by("A"), C: by("A"), D: by("A"), E: by("A") },
  event_by_hand: { C: drift, E: drift },
  twilio_5xx: { D: by("A"), E: by("A") },
  twilio_timeout_before: { D: by("A"), E: by("A") },
  twilio_timeout_after: { D: by("A"), E: by("A") },
  twilio_slow: { D: by("A") },
  twilio_21610: { D: by("A"), E: by("A") },
  twilio_401: { D: by("A"), E: by("A") },
  twilio_429: { D: by("A"), E: by("A") },
  webhook_repeated: { A: by("A"), C: by("A"), D: by("A") },
  webhook_concurrent: { A: by("A") },
  webhook_reordered: { B: by("A") },
  callbacks_reordered: { E: by("A") },
  clock_jump: { A: clock, B: clock, C: clock },
  model: { A: model, B: model, C: model, D: model },
  bad_input: { A: by("A") },
} satisfies Record<string, Partial<Record<Stage, { levels: Level[]; missing?: string }>>>;

export type FaultName = keyof typeof rows;

/** A fault in a stage, e.g. "kill/C". */
export type CellId = `${FaultName}/${Stage}`;

export interface Cell {
  id: CellId;
  fault: FaultName;
  stage: Stage;
  /** The levels that must make it fire; none where `missing` says why nobody can. */
  levels: readonly Level[];
  missing?: string;
}

export const cells: readonly Cell[] = Object.entries(rows).flatMap(([name, row]) =>
  Object.entries(row).map(([stage, cell]): Cell => {
    const fault = name as FaultName;
    return { id: `${fault}/${stage as Stage}`, fault, stage: stage as Stage, ...cell };
  }),
);

/** The cells that a level must have fired for its run to mean anything. */
export const cellsOf = (level: Level): CellId[] =>
  cells.filter(({ levels }) => levels.includes(level)).map(({ id }) => id);
