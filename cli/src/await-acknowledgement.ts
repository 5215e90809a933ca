import { setTimeout as delay } from "node:timers/promises";
import type { AdminApi, DoctorCheck, TestAlertState } from "@bookproof/launcher/client";

const lookEveryMs = 1_000;

/** What the wait for the owner's reply is. */
export interface Wait {
  tenantId: string;
  testAlertId: string;
  /** 0 looks once. */
  waitMs: number;
  /** Hears each second how long is still waited. */
  progress: (secondsLeft: number) => void;
}

/** Waits for the owner to acknowledge the test alert, or for the news that it never arrives. @returns the part "owner" */
export async function awaitAcknowledgement(
  api: Pick<AdminApi, "readTestAlert">,
  { tenantId, testAlertId, waitMs, progress }: Wait,
): Promise<{ part: string; checks: DoctorCheck[] }> {
  const until = performance.now() + waitMs;
  while (true) {
    const state = await api.readTestAlert(tenantId, testAlertId);
    const leftMs = until - performance.now();
    if (state.settled || leftMs <= 0) return { part: "owner", checks: [state.delivery, replyCheck(state, waitMs)] };
    progress(Math.ceil(leftMs / 1_000));
    await delay(Math.min(lookEveryMs, leftMs));
  }
}

function replyCheck({ acknowledged, settled }: TestAlertState, waitMs: number): DoctorCheck {
  const name = "acknowledgement";
  if (acknowledged) return { name, status: "ok", detail: "The owner has replied.", whatToDo: "" };
  if (settled)
    return { name, status: "skipped", detail: "Not waited for: the test alert did not arrive.", whatToDo: "" };
  if (waitMs === 0)
    return { name, status: "skipped", detail: "Not waited for; a reply within 10 minutes counts.", whatToDo: "" };
  return {
    name,
    status: "warning",
    detail: `The owner has not replied within ${Math.round(waitMs / 1_000)} s.`,
    whatToDo: "Ask the owner whether the text came, correct owner.phone if it did not, and run this again.",
  };
}
