import { z } from "zod";
import { whenSchema } from "../when.ts";

const instant = z.iso.datetime({ offset: true });

/** A free start time of an offering; instants are RFC 3339. The calendar is empty where it is settled only when the slot is held. */
export const openingSchema = z.object({
  calendarId: z.string(),
  calendarName: z.string(),
  start: instant,
  end: instant,
});

/** A slot reserved for this customer until `expiresAt`. */
const holdSchema = openingSchema.extend({ id: z.string(), offeringId: z.string(), expiresAt: instant });

const stepSchema = z.enum([
  "idle",
  "choosing_time",
  "choosing_opening",
  "asking_name",
  "asking_address",
  "awaiting_confirm",
  "confirming",
]);

const NEED_HOLD = new Set(["asking_name", "asking_address", "awaiting_confirm", "confirming"]);

/**
 * What a conversation knows between two turns; plain JSON.
 *
 * - `step`: what the last reply asked for.
 * - `openings`: the list last offered, in its order. It stays while a slot of it is held: "no, the second one".
 * - `hold`: the slot the talk is about. It stays after the customer changes their mind, so that it counts as free for them.
 * - `booked`: the last booking this dialogue made.
 * - `missed`: how many turns in a row were not understood.
 */
export const dialogueStateSchema = z
  .object({
    step: stepSchema,
    offeringId: z.string().optional(),
    when: whenSchema.optional(),
    openings: z.array(openingSchema).default([]),
    hold: holdSchema.optional(),
    name: z.string().optional(),
    address: z.string().optional(),
    booked: z.object({ appointmentId: z.string(), offeringId: z.string(), start: instant }).optional(),
    missed: z.number().int().nonnegative().default(0),
  })
  .refine((state) => state.hold !== undefined || !NEED_HOLD.has(state.step), "this step needs a hold");

export type Opening = z.infer<typeof openingSchema>;
export type Hold = z.infer<typeof holdSchema>;
export type Step = z.infer<typeof stepSchema>;
export type DialogueState = z.infer<typeof dialogueStateSchema>;

export function initialDialogueState(): DialogueState {
  return { step: "idle", openings: [], missed: 0 };
}

/** The state stored as JSON; what is empty, old or unknown begins anew. */
export function readDialogueState(json: unknown): DialogueState {
  const read = dialogueStateSchema.safeParse(json);
  return read.success ? read.data : initialDialogueState();
}

/** Forgets the request, and keeps what is known of the person, of earlier bookings and of a slot still held. */
export function withoutRequest(state: DialogueState): DialogueState {
  const { offeringId: _offering, when: _when, ...kept } = state;
  return { ...kept, step: "idle", openings: [] };
}

/** The same, without the hold: it was used up, or is somebody else's. */
export function withoutHold(state: DialogueState): DialogueState {
  const { hold: _hold, ...kept } = state;
  return kept;
}
