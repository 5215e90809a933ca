import { BookproofError, type Reason } from "@bookproof/errors";
import { GoogleFailure, type GoogleFailureKind } from "./google-failure.ts";

/** What a failed question means to whoever reads. */
export const readReasons: Record<GoogleFailureKind, Reason> = {
  grant_gone: "calendar_disconnected",
  unauthorized: "calendar_disconnected",
  rate_limited: "calendar_rate_limited",
  exists: "calendar_unreadable",
  absent: "calendar_unreadable",
  refused: "calendar_unreadable",
  unanswered: "calendar_unreadable",
};

/** What it means to whoever writes. */
export const writeReasons: Record<GoogleFailureKind, Reason> = {
  ...readReasons,
  exists: "calendar_event_exists",
  absent: "calendar_refused",
  refused: "calendar_refused",
  unanswered: "calendar_outcome_unknown",
};

/** Hears of every failure before its reason is thrown. */
export type OnFailure = (failure: GoogleFailure, reason: Reason) => Promise<void>;

/** The answer, or its reason in place of what Google said. @throws BookproofError */
export async function orReason<T>(
  work: Promise<T>,
  failed: OnFailure,
  reasonOf: (failure: GoogleFailure) => Reason = ({ kind }) => readReasons[kind],
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof GoogleFailure)) throw error;
    const reason = reasonOf(error);
    await failed(error, reason);
    throw new BookproofError(reason, undefined, { cause: error });
  }
}
