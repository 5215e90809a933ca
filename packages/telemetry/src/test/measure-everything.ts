import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import {
  countAttempt,
  countCalendarError,
  countClaimBlocked,
  countHoldConflict,
  countMessage,
  countStage,
  observeQueue,
  observeSyncAge,
  recordEscalationLatency,
  recordTool,
} from "../measurements.ts";

// A process of its own, started with telemetry: takes each measurement once, answers one request, and lives until its standard input ends.
countStage({ stage: "FAILED", reason: "internal" });
countAttempt({ outcome: "failed", reason: "calendar_failed_after_confirm" }, 1_000);
recordEscalationLatency({ channel: "owner_sms", reason: "turn_failed" }, 1_000);
countMessage({ kind: "booked", status: "delivered" });
countHoldConflict({ reason: "slot_already_held" });
countClaimBlocked({ reason: "claim_blocked" });
countCalendarError({ operation: "insert", reason: "calendar_refused", provider: "google" });
recordTool({ tool: "find_openings", channel: "sms", outcome: "ok" }, 1_000);
observeQueue("booking", async () => ({ waiting: 1, oldestMs: 1_000 }));
observeSyncAge(async () => 1);

// Required, as fastify does it: an import of the module would escape the instrumentation.
const { createServer } = createRequire(import.meta.url)("node:http") as typeof import("node:http");
const server: Server = createServer((_request, response) => response.end()).listen(0, "127.0.0.1", async () => {
  await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/health`);
});
process.stdin.on("end", () => process.exit(0)).resume();
