/** The key of a booking's confirmation: whoever asks for it, an appointment is confirmed to its customer once. */
export const bookedKey = (appointmentId: string): string => `booked:${appointmentId}`;

/** The key of the confirmation of a booked call. */
export const confirmationKey = (appointmentId: string): string => `confirmation:${appointmentId}`;

/** A reminder is of an appointment at its time: once it is moved, the reminder of the old time is another. */
export const reminderKey = (appointmentId: string, start: Date): string =>
  `reminder:${appointmentId}:${start.toISOString()}`;

/** The key of the notice of a change: an attempt is told once. */
export const changeKey = (kind: "moved" | "cancelled", attemptId: string): string => `${kind}:${attemptId}`;

export const hotLeadKey = (callId: string): string => `hotlead:${callId}`;

const final = ":final";
const resend = ":resend";
const call = ":call";

/** The message that follows "still finalizing" once the proof is there. */
export const finalKey = (key: string): string => `${key}${final}`;
export const isFinalKey = (key: string): boolean => key.endsWith(final);

/** What follows a confirmation that did not arrive. */
export const resendKey = (key: string): string => `${key}${resend}`;
export const callKey = (key: string): string => `${key.replace(/:resend$/, "")}${call}`;
export const isResendKey = (key: string): boolean => key.endsWith(resend);
export const isFallbackKey = (key: string): boolean => isResendKey(key) || key.endsWith(call);
