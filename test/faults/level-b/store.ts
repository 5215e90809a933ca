import { randomUUID } from "node:crypto";
import { reasonOf } from "@bookproof/errors";
import { AttemptStatus } from "@bookproof/proto/booking";
import type { Wish } from "./model.ts";
import type { Operation } from "./operations.ts";
import { offeringOf, startOf, type WishPlan } from "./scenario.ts";
import type { StoreWorld } from "./store-world.ts";
import { tenantOf } from "./tenant.ts";

/** The real store of one tenant, which no other run shares. */
export type Store = Awaited<ReturnType<typeof openStore>>;

const day = 24 * 60 * 60_000;
const strangersPhone = "+15559990000";

const attemptWords: Partial<Record<AttemptStatus, string>> = {
  [AttemptStatus.ATTEMPT_STATUS_RUNNING]: "started",
  [AttemptStatus.ATTEMPT_STATUS_CONFIRMED]: "confirmed",
  [AttemptStatus.ATTEMPT_STATUS_FAILED]: "failed",
  [AttemptStatus.ATTEMPT_STATUS_SLOT_TAKEN]: "slot_taken",
};

/** A new tenant with the slots that are wanted from it. */
export async function openStore(world: StoreWorld, plans: readonly WishPlan[]) {
  const tenantId = randomUUID();
  await world.booking.applyTenant(tenantOf(tenantId));
  // Days ahead, so that no slot is too soon.
  const midnight = Math.floor(Date.now() / day) * day + 3 * day;
  const wishes = plans.map((plan, index): Wish => {
    const kind = offeringOf(plan);
    if (!kind) throw new Error("a wish names no offering");
    const start = startOf(plan);
    return {
      holdId: randomUUID(),
      calendarId: `cal-${plan.calendar}`,
      offeringId: `${kind.id}-${plan.calendar}`,
      start,
      from: start - kind.bufferBeforeMinutes,
      to: start + kind.durationMinutes + kind.bufferAfterMinutes,
      customer: `+1555100${String(plan.customer).padStart(4, "0")}`,
      refused: plan.refused && index % 2 === 1,
    };
  });
  const nameOf = (wish: Wish) => `Wisher ${wish.holdId}`;
  for (const wish of wishes.filter((one) => one.refused)) {
    const match = { method: "POST", path: "/events", bodyContains: nameOf(wish) };
    world.google.faults.add({ kind: "fail-before", match, status: 403, code: "forbidden" });
  }
  const startAt = (wish: Wish) => new Date(midnight + wish.start * 60_000);

  async function claim(wish: Wish, replaces: Wish | undefined): Promise<string> {
    const { holdId, offeringId, calendarId, customer } = wish;
    const { success } = await world.booking.claimSlot({
      ...{ tenantId, holdId, offeringId, calendarId, start: startAt(wish), customerPhone: customer },
      ...{ customerName: nameOf(wish), replacesHoldId: replaces?.holdId ?? "", callSid: "", cid: holdId },
    });
    return success ? "won" : "lost";
  }

  async function confirm(wish: Wish, phone: string): Promise<string> {
    const { status } = await world.booking.confirmBooking({
      ...{ tenantId, holdId: wish.holdId, cid: wish.holdId, conversationId: "", messageSid: "" },
      ...{ customer: { name: nameOf(wish), phone, email: "" }, address: "", notAfter: undefined },
      ...{ businessPhone: "", bookingSource: "manual" },
    });
    return attemptWords[status] ?? status;
  }

  async function runOut(wish: Wish): Promise<string> {
    const { rows } = await world.database.query("SELECT public.run_out_hold($1, $2) AS done", [tenantId, wish.holdId]);
    return rows[0]?.done ? "ran out" : "nothing";
  }

  async function perform(operation: Operation): Promise<string> {
    const { wish } = operation;
    switch (operation.kind) {
      case "claim":
        return claim(wish, operation.replaces);
      case "release":
        return (await world.booking.releaseHold({ tenantId, holdId: wish.holdId })).released ? "released" : "nothing";
      case "confirm":
        return confirm(wish, wish.customer);
      case "confirm-by-stranger":
        return confirm(wish, strangersPhone);
      case "run-out":
        return runOut(wish);
    }
  }

  return {
    wishes,
    /** @returns what the caller is told; of an error its reason. */
    perform: (operation: Operation): Promise<string> => perform(operation).catch((error: unknown) => reasonOf(error)),
    /** Whether a customer who asks for it is offered the slot. */
    async isOffered(wish: Wish): Promise<boolean> {
      const from = startAt(wish);
      const { openings, unreadable } = await world.booking.findOpenings({
        ...{ tenantId, offeringId: wish.offeringId, limit: 1, ownHoldId: "", conversationId: "" },
        windows: [{ from, to: new Date(from.getTime() + 60_000) }],
      });
      if (unreadable.length > 0) throw new Error(`a calendar was unreadable: ${JSON.stringify(unreadable)}`);
      return openings.length > 0;
    },
    startAt,
    tenantId,
    world,
  };
}
