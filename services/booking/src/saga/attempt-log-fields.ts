import type { FlowLogFields } from "@bookproof/flow-trace";
import type { Attempt } from "../queries/attempts.ts";

/** The state of an attempt as its log lines show it: seed 000's correlation (phone, MessageSid, conversation) and fields. */
export function attemptLogFields(attempt: Attempt): FlowLogFields {
  const { snapshot } = attempt;
  return {
    attemptId: attempt.id,
    phone: snapshot.customerPhone,
    messageSid: attempt.messageSid || undefined,
    convId: attempt.conversationId || undefined,
    service: snapshot.offeringId,
    slot: snapshot.start,
    calendar: snapshot.calendarId,
    address: snapshot.address,
    customerName: snapshot.customerName,
  };
}
