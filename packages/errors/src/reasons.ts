import { Status } from "nice-grpc-common";

interface ReasonRow {
  /** gRPC status between the services. */
  grpc: Status;
  /** HTTP status at the edge. */
  http: number;
  /** One sentence for whoever made the call; never a stack, never a database text. */
  says: string;
}

const row = (grpc: Status, http: number, says: string): ReasonRow => ({ grpc, http, says });

/** The closed set of reasons for which anything fails: one row a reason. */
export const reasons = {
  invalid_argument: row(Status.INVALID_ARGUMENT, 400, "The request is not valid."),
  unauthenticated: row(Status.UNAUTHENTICATED, 401, "Sign in first: the credential is missing or wrong."),
  permission_denied: row(Status.PERMISSION_DENIED, 403, "This credential may not do that."),
  tenant_not_found: row(Status.NOT_FOUND, 404, "No such tenant."),
  offering_not_found: row(Status.NOT_FOUND, 404, "No such offering."),
  calendar_not_found: row(Status.NOT_FOUND, 404, "No such calendar."),
  hold_not_found: row(Status.NOT_FOUND, 404, "No such hold."),
  appointment_not_found: row(Status.NOT_FOUND, 404, "No such appointment."),
  attempt_not_found: row(Status.NOT_FOUND, 404, "No such attempt."),
  test_alert_not_found: row(Status.NOT_FOUND, 404, "No such test alert."),
  conversation_not_found: row(Status.NOT_FOUND, 404, "No such conversation."),
  phone_number_taken: row(Status.ALREADY_EXISTS, 409, "That phone number belongs to another tenant."),
  slot_already_held: row(Status.ALREADY_EXISTS, 409, "Slot already held"),
  slot_not_open: row(Status.FAILED_PRECONDITION, 409, "That time is not open for booking."),
  appointment_changing: row(
    Status.FAILED_PRECONDITION,
    409,
    "Another change of this appointment is still being settled.",
  ),
  appointment_not_confirmed: row(Status.FAILED_PRECONDITION, 409, "The appointment is not a confirmed one."),
  hold_expired: row(Status.FAILED_PRECONDITION, 409, "The hold has run out."),
  too_late: row(Status.FAILED_PRECONDITION, 409, "The time for this request has passed."),

  code_wrong: row(Status.INVALID_ARGUMENT, 400, "That code is not right."),
  code_not_sent: row(Status.FAILED_PRECONDITION, 409, "No code was sent for this hold yet."),
  code_limit_reached: row(Status.RESOURCE_EXHAUSTED, 429, "No more codes can be sent for this hold."),
  otp_failed: row(Status.FAILED_PRECONDITION, 409, "The caller could not be verified."),

  // ABORTED, not UNAVAILABLE: clients try UNAVAILABLE again, and here the service did answer.
  calendar_unreadable: row(Status.ABORTED, 503, "The calendar cannot be read right now."),
  calendar_disconnected: row(Status.FAILED_PRECONDITION, 409, "The calendar is disconnected and must be reconnected."),
  calendar_not_connected: row(Status.FAILED_PRECONDITION, 409, "The calendar is not connected yet."),
  calendar_rate_limited: row(Status.ABORTED, 503, "The calendar's provider asks us to slow down."),
  calendar_refused: row(Status.FAILED_PRECONDITION, 409, "The calendar refused the event."),
  calendar_outcome_unknown: row(Status.ABORTED, 503, "It is not known whether the calendar took the event."),
  calendar_not_builtin: row(Status.FAILED_PRECONDITION, 409, "That can be done with built-in calendars only."),
  calendar_feed_exists: row(
    Status.ALREADY_EXISTS,
    409,
    "This calendar has a link, which cannot be shown again: replace it (--new) or revoke it.",
  ),
  calendar_feed_not_found: row(Status.NOT_FOUND, 404, "There is no calendar at this link."),
  blocked_time_not_found: row(Status.NOT_FOUND, 404, "No such blocked time."),
  calendar_event_exists: row(Status.ALREADY_EXISTS, 409, "The calendar already holds an event of that id."),

  connect_not_possible: row(Status.FAILED_PRECONDITION, 409, "The calendar cannot be connected at Google."),
  connect_link_not_found: row(Status.NOT_FOUND, 404, "This link does not work any more: ask for a new one."),
  connect_attempt_invalid: row(Status.INVALID_ARGUMENT, 400, "This sign-in is not valid: open the link again."),
  connect_denied: row(Status.PERMISSION_DENIED, 403, "Access was not granted at Google: open the link again."),
  connect_refused: row(Status.FAILED_PRECONDITION, 409, "Google did not let the calendar be connected."),
  connect_unanswered: row(Status.ABORTED, 503, "Google did not answer: open the link again in a minute."),

  booking_failed_after_confirm: row(Status.INTERNAL, 500, "The booking could not be completed."),
  calendar_failed_after_confirm: row(Status.INTERNAL, 500, "The calendar did not take the booking."),
  move_failed_after_confirm: row(Status.INTERNAL, 500, "The appointment could not be moved."),
  cancel_failed_after_confirm: row(Status.INTERNAL, 500, "The appointment could not be cancelled."),
  booking_outcome_unknown: row(Status.INTERNAL, 500, "It is not known whether the booking was made."),
  turn_failed: row(Status.INTERNAL, 500, "The message could not be answered."),
  message_unread: row(Status.INTERNAL, 500, "The message was not read in time."),
  human_requested: row(Status.FAILED_PRECONDITION, 409, "The customer asked for a human."),
  customer_opted_out: row(Status.FAILED_PRECONDITION, 409, "The customer cannot be texted, call them."),
  customer_unreachable: row(Status.FAILED_PRECONDITION, 409, "The text did not reach the customer, call them."),
  customer_may_want_to_cancel: row(Status.FAILED_PRECONDITION, 409, "The customer may want to cancel the appointment."),
  slot_lost_after_confirm: row(Status.FAILED_PRECONDITION, 409, "The slot was taken before the customer confirmed."),
  kept_slot_ended: row(Status.FAILED_PRECONDITION, 409, "The time that was kept for the customer is no longer held."),
  twilio_credentials_failed: row(Status.FAILED_PRECONDITION, 409, "Twilio refuses the account or its token."),
  appointment_moved_by_hand: row(Status.FAILED_PRECONDITION, 409, "The appointment was moved in the calendar."),
  appointment_deleted_by_hand: row(Status.FAILED_PRECONDITION, 409, "The appointment was deleted in the calendar."),
  appointment_declined_by_hand: row(Status.FAILED_PRECONDITION, 409, "The appointment was declined in the calendar."),
  appointment_conflicts: row(
    Status.FAILED_PRECONDITION,
    409,
    "The appointment was moved in the calendar to a time that is taken.",
  ),
  orphan_event: row(Status.FAILED_PRECONDITION, 409, "The calendar shows an appointment that is not booked."),
  calendar_needs_reconnecting: row(Status.FAILED_PRECONDITION, 409, "The calendar does not let us in any more."),
  claim_blocked: row(Status.FAILED_PRECONDITION, 409, "A text that claims a booking without proof was stopped."),

  overloaded: row(Status.RESOURCE_EXHAUSTED, 503, "Too busy right now, try again shortly."),
  unavailable: row(Status.UNAVAILABLE, 503, "Not available right now, try again shortly."),
  internal: row(Status.INTERNAL, 500, "Something went wrong on our side."),
} as const satisfies Record<string, ReasonRow>;

export type Reason = keyof typeof reasons;

/** The row of a reason by its name, as it arrives over the wire; undefined for an unknown one. */
export function reasonRow(name: string): ReasonRow | undefined {
  return Object.hasOwn(reasons, name) ? reasons[name as Reason] : undefined;
}
