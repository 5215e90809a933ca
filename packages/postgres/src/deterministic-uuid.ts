import { createHash } from "node:crypto";

/**
 * The attempt of a hold: the same hold is the same attempt (docs/architecture.md, the saga). Whoever raises an alarm about a
 * CONFIRM derives it, so that all of them speak of one attempt.
 */
export const attemptIdOf = (tenantId: string, holdId: string): string => deterministicUuid("attempt", tenantId, holdId);

/** The same parts always give the same UUID (version 8, RFC 9562): keys that survive a repeated call. */
export function deterministicUuid(...parts: string[]): string {
  const bytes = createHash("sha256").update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
