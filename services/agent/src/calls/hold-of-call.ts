import { z } from "zod";
import type { Call } from "../queries/calls.ts";

/**
 * The hold a tool may work on: of a call only its own, whatever the model names. Where there is no call, the one named.
 * Undefined where there is none.
 */
export function holdOfCall(call: Call, callId: string, named: string): string | undefined {
  if (!callId) return z.guid().safeParse(named).success ? named : undefined;
  const own = [call.holdId, call.confirmedHoldId].filter(Boolean);
  return named ? own.find((id) => id === named) : own[0];
}
