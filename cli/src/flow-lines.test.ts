import { expect, test } from "@jest/globals";
import { flowLines } from "./flow-lines.ts";

const step = (cid: string, service: string, stage: string, reason: string, payload = {}) => ({
  ...{ cid, service, stage, reason, payload, direction: "internal" },
  createdAt: "2026-05-04T10:00:00.125Z",
});

test("a journey reads as one line a step, under its cid, with the conversation's stage at the end", () => {
  const lines = flowLines({
    traces: [
      step("c-1", "agent", "INBOUND", "", { body: "set", parts: 2 }),
      step("c-1", "booking", "BOOKING_FAILED", "calendar_failed_after_confirm", { error: null }),
      step("c-2", "agent", "INBOUND", ""),
    ],
    conversations: [{ cid: "c-2", stage: "NEEDS_HUMAN", stageReason: "", needsHuman: true }],
  });
  expect(lines).toEqual([
    "journey c-1",
    "   2026-05-04 10:00:00.125  agent    INBOUND         body=set parts=2",
    "   2026-05-04 10:00:00.125  booking  BOOKING_FAILED  calendar_failed_after_confirm",
    "journey c-2",
    "   2026-05-04 10:00:00.125  agent    INBOUND",
    "conversation  cid=c-2 stage=NEEDS_HUMAN needsHuman=true",
  ]);
});
