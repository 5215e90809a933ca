import {
  type Attributes,
  type BatchObservableResult,
  type Counter,
  type Histogram,
  metrics,
  type ObservableGauge,
  type ObservableResult,
} from "@opentelemetry/api";

/**
 * Every measurement of ours, one function for each. None is by tenant: with many of them that would be as many series; the log line and
 * the span of the same moment carry tenant and cid. Durations are in seconds. Labels have few values each: no ids, no free text.
 *
 * What is counted is counted by the process that did it, after its transaction (`afterCommit` of packages/postgres): at most once. A
 * process that dies between the two, or whose COMMIT is not answered, does not count it.
 */

/** Seconds: from a database round trip to an owner who is reached by a third channel. */
const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 120, 300];

const meter = () => metrics.getMeter("bookproof");

/** Made when first needed: telemetry may start after this file was loaded. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const counter = (name: string, description: string, unit: string): (() => Counter) =>
  once(() => meter().createCounter(name, { description, unit }));
const seconds = (name: string, description: string): (() => Histogram) =>
  once(() =>
    meter().createHistogram(name, {
      description,
      unit: "s",
      advice: { explicitBucketBoundaries: secondsBuckets },
    }),
  );

const stages = counter("bookproof.journey.stages", "Stages that journeys have reached, by stage and reason", "{stage}");
const attempts = counter("bookproof.attempts", "Attempts that ended, by outcome and reason", "{attempt}");
const confirmDuration = seconds("bookproof.confirm.duration", "From CONFIRM to the attempt's outcome");
const escalationLatency = seconds(
  "bookproof.escalation.latency",
  "From an escalation to a channel that took the owner's alert",
);
const messages = counter("bookproof.messages", "Messages by kind and the status they have reached", "{message}");
const holdConflicts = counter("bookproof.hold.conflicts", "Claims of a slot that somebody else had", "{claim}");
const claimsBlocked = counter("bookproof.claims.blocked", "Texts that claimed a booking without proof", "{text}");
const calendarErrors = counter("bookproof.calendar.errors", "Calendar operations that failed, by reason", "{error}");
const toolDuration = seconds("bookproof.tool.duration", "How long a tool took to answer, by tool and outcome");

/** A journey reached a stage of seed 001. `reason` must be one of a few, as packages/flow-trace sees to: never text. */
export const countStage = (of: { stage: string; reason?: string | undefined }): void => stages().add(1, given(of));

/** @param sinceConfirmMs from the customer's CONFIRM to this end, in milliseconds */
export function countAttempt(of: { outcome: "confirmed" | "failed"; reason?: string }, sinceConfirmMs: number): void {
  attempts().add(1, given(of));
  confirmDuration().record(sinceConfirmMs / 1_000, { outcome: of.outcome });
}

/** @param ms from the escalation to the acceptance of its alert, in milliseconds */
export const recordEscalationLatency = (of: { channel: string; reason: string }, ms: number): void =>
  escalationLatency().record(ms / 1_000, of);

/** @param of.status the one it has reached; for an alert also `undeliverable`: every channel to its owner has failed. */
export const countMessage = (of: { kind: string; status: string }): void => messages().add(1, of);

export const countHoldConflict = (of: { reason: string }): void => holdConflicts().add(1, of);

export const countClaimBlocked = (of: { reason: string }): void => claimsBlocked().add(1, of);

export const countCalendarError = (of: { operation: string; reason: string; provider: string }): void =>
  calendarErrors().add(1, of);

/** @param ms how long the tool took, in milliseconds */
export const recordTool = (of: { tool: string; channel: "sms" | "voice"; outcome: string }, ms: number): void =>
  toolDuration().record(ms / 1_000, of);

/** What a queue of jobs looks like at one moment. */
export interface QueueState {
  /** Jobs that are due and wait for a worker. */
  waiting: number;
  /** How long the oldest of them has been due, in milliseconds; 0 where none waits. */
  oldestMs: number;
}

/** Undefined where the queue cannot be read now. Never rejects. */
type ReadQueue = () => Promise<QueueState | undefined>;

const gauge = (name: string, description: string, unit: string): (() => ObservableGauge) =>
  once(() => meter().createObservableGauge(name, { description, unit }));

const depth = gauge("bookproof.queue.depth", "Jobs that are due and wait", "{job}");
const age = gauge(
  "bookproof.queue.age",
  "How long the oldest job that is due has waited; a queue that cannot be read grows older",
  "s",
);

/** The queues being observed, each with those who can read it, one a worker. */
const observed = new Map<string, { readers: Set<ReadQueue>; end: () => void }>();

/**
 * Reads the state of a service's queue whenever measurements are taken, once however many workers the service has.
 * @returns how to end that
 */
export function observeQueue(service: string, read: ReadQueue): () => void {
  const queue = observed.get(service) ?? beginObserving(service);
  queue.readers.add(read);
  return () => {
    queue.readers.delete(read);
    if (queue.readers.size > 0 || observed.get(service) !== queue) return;
    queue.end();
    observed.delete(service);
  };
}

function beginObserving(service: string) {
  const readers = new Set<ReadQueue>();
  const of = { queue: service };
  const gauges = [depth(), age()];
  let seen: QueueState = { waiting: 0, oldestMs: 0 };
  let seenAt = performance.now();
  const take = async (result: BatchObservableResult) => {
    const [read] = readers;
    const state = await read?.();
    const now = performance.now();
    if (state) [seen, seenAt] = [state, now];
    // What is not observed would be reported as it last was: as well as it was then.
    result.observe(depth(), seen.waiting, of);
    result.observe(age(), (seen.oldestMs + now - seenAt) / 1_000, of);
  };
  const taking = meter();
  taking.addBatchObservableCallback(take, gauges);
  const queue = { readers, end: () => taking.removeBatchObservableCallback(take, gauges) };
  observed.set(service, queue);
  return queue;
}

const syncAge = gauge(
  "bookproof.calendar.sync.age",
  "How long ago the calendar at Google that waits longest was last checked; it grows while that cannot be read",
  "s",
);

/**
 * Reads how old the oldest of what is known of calendars is, in seconds, whenever measurements are taken.
 * @param read undefined where it cannot be read now; never rejects
 * @returns how to end that
 */
export function observeSyncAge(read: () => Promise<number | undefined>): () => void {
  let seen = { age: 0, at: performance.now() };
  const take = async (result: ObservableResult) => {
    const age = await read();
    const now = performance.now();
    if (age !== undefined) seen = { age, at: now };
    result.observe(seen.age + (now - seen.at) / 1_000);
  };
  syncAge().addCallback(take);
  return () => syncAge().removeCallback(take);
}

/** Attributes without those that are empty. */
const given = (of: Record<string, string | undefined>): Attributes =>
  Object.fromEntries(Object.entries(of).filter(([, value]) => value));
