import type { CheckAvailabilityRequest, CheckAvailabilityResponse, OfferedSlot } from "@bookproof/proto/agent";
import type { Offering, Tenant } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import { answerTool, done, refused, type ToolAnswer } from "../calls/answer-tool.ts";
import { callerSchema } from "../calls/open-call.ts";
import { requestedOffering } from "../calls/requested-offering.ts";
import { type FreeSlot, searchSlots } from "../calls/search-slots.ts";
import type { Deps } from "../deps.ts";
import { requestedDays } from "../domain/voice/requested-days.ts";
import { speakNothingAtAll, speakNothingOn, speakTimes } from "../domain/voice/speak-times.ts";
import { speech } from "../domain/voice/speech.ts";
import { storeOffered } from "../queries/call-progress.ts";
import type { Call, OfferedToCall } from "../queries/calls.ts";
import { toTenantProfile } from "../turns/tenant-profile.ts";

const schema = z.object({ caller: callerSchema, date: z.string().max(200), serviceType: z.string().max(200) });

type Answer = ToolAnswer<{ slots: OfferedSlot[] }>;

/** What a call keeps of what it was offered. */
const MOST_REMEMBERED = 40;

/** Voice tool check_availability: three to five free times, said in the tenant's zone and remembered as offered. */
export const checkAvailability =
  (deps: Deps) =>
  async (request: CheckAvailabilityRequest): Promise<CheckAvailabilityResponse> => {
    const { caller, date, serviceType } = parseRequest(schema, request);
    return answerTool(
      deps,
      "check_availability",
      { caller },
      async (call) => {
        const tenant = await deps.readTenant(caller.tenantId);
        const offering = requestedOffering(tenant, serviceType);
        if (!offering) return noSuchOffering(tenant);
        return find(deps, call, { tenant, offering, date });
      },
      (reason) => ({ outcome: refused(reason, speech.unreadable), fields: { slots: [] }, escalate: reason }),
    );
  };

async function find(
  deps: Deps,
  call: Call,
  asked: { tenant: Tenant; offering: Offering; date: string },
): Promise<Answer> {
  const { tenant, offering } = asked;
  const { timeZone, horizonDays, workingHours } = toTenantProfile(tenant, call.tenantPhone);
  const now = new Date();
  const days = requestedDays(asked.date, { now, timeZone, horizonDays, workingHours });
  const fields = { slots: [] };
  if (days.kind === "past") return { outcome: refused("too_late", speech.dayPassed), fields };
  if (days.kind === "unclear") return { outcome: refused("invalid_argument", speech.unclearDay), fields };
  const search = { tenantId: tenant.id, offeringId: offering.id, timeZone, horizonDays, now };
  const found = await searchSlots(deps.booking, search, days);
  if (found.kind === "unreadable") {
    return {
      outcome: refused("calendar_unreadable", speech.unreadable),
      fields,
      escalate: "calendar_unreadable",
      requested: { offeringName: offering.name },
    };
  }
  if (found.slots.length === 0) return { outcome: done(speakNothingAtAll(horizonDays)), fields };
  const times = speakTimes(
    found.slots.map(({ start }) => start),
    timeZone,
  );
  const day = days.kind === "days" ? days.day : undefined;
  return {
    outcome: done(found.kind === "elsewhere" ? `${speakNothingOn(day, timeZone)} ${times}` : times),
    fields: { slots: found.slots.map(toOffered) },
    remember: (client) => storeOffered(client, call, remembered(call, found.slots, offering.id)),
  };
}

function noSuchOffering(tenant: Tenant): Answer {
  const names = tenant.offerings.map(({ name }) => name);
  const fields = { slots: [] };
  if (names.length > 0) return { outcome: refused("offering_not_found", speech.noSuchService(names)), fields };
  return { outcome: refused("offering_not_found", speech.noServices), fields, escalate: "offering_not_found" };
}

const toOffered = ({ start, calendarId, calendarName }: FreeSlot): OfferedSlot => ({
  time: start,
  provider: calendarName,
  calendarId,
});

/** The newest come first: they are what the caller chooses from. */
function remembered(call: Call, slots: FreeSlot[], offeringId: string): OfferedToCall[] {
  const fresh = slots.map(({ start, calendarId, calendarName }) => ({
    start: start.toISOString(),
    calendarId,
    calendarName,
    offeringId,
  }));
  const isFresh = (old: OfferedToCall) =>
    fresh.some(
      (slot) => slot.start === old.start && slot.calendarId === old.calendarId && old.offeringId === offeringId,
    );
  return [...fresh, ...call.offered.filter((old) => !isFresh(old))].slice(0, MOST_REMEMBERED);
}
