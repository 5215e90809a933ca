import { AsyncLocalStorage } from "node:async_hooks";
import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { spanAttributes } from "./span-attributes.ts";

/** Whose work is being done: every call, log line, span and job it causes carries both. */
export interface Journey {
  /** The correlation id; absent outside of a journey, and until it is known. */
  cid?: string | undefined;
  tenantId?: string | undefined;
}

/** A journey whose entry, one request, may not know its cid at first: the first that is found in it becomes its own. */
interface Scope extends Journey {
  isEntry?: boolean;
}

const store = new AsyncLocalStorage<Scope>();

/** What is known of the work being done. */
export const currentJourney = (): Journey => store.getStore() ?? {};

/** The correlation id of the journey being worked on, or undefined outside of one. */
export const currentCid = (): string | undefined => store.getStore()?.cid;

/** The tenant being worked for, or undefined where there is none. */
export const currentTenantId = (): string | undefined => store.getStore()?.tenantId;

/** Runs `work` with what is known of its journey; what is left out stays as it is outside. */
export function runInJourney<T>(known: Journey, work: () => T): T {
  learnJourney(known);
  const { cid, tenantId } = currentJourney();
  return store.run({ cid: known.cid ?? cid, tenantId: known.tenantId ?? tenantId }, work);
}

/** Runs `work` with `cid` as its correlation id. */
export const runWithCid = <T>(cid: string, work: () => T): T => runInJourney({ cid }, work);

/** Runs the entry of one request in a journey of its own, with nothing of what is known outside. */
export function joinJourney<T>(known: Journey, work: () => T): T {
  return store.run({ ...known, isEntry: true }, work);
}

/** Runs what one journey happens to start for all of them, outside of it: neither its calls nor its spans are the journey's. */
export function runApart<T>(work: () => T): T {
  return context.with(ROOT_CONTEXT, () => store.run({}, work));
}

/**
 * Tells the entry of the request what has been found out about it. What it knows already stays.
 * @param scope where the request's work was begun, if not here
 */
export function learnJourney(found: Journey, scope: Journey = currentJourney(), span = trace.getActiveSpan()): void {
  const entry: Scope = scope;
  if (!entry.isEntry) return;
  if (!entry.cid && found.cid) {
    entry.cid = found.cid;
    span?.setAttribute(spanAttributes.cid, found.cid);
  }
  if (!entry.tenantId && found.tenantId) {
    entry.tenantId = found.tenantId;
    span?.setAttribute(spanAttributes.tenantId, found.tenantId);
  }
}
