/** The five tools, by the names Vapi calls them, and the URL of each below `/api/vapi/tools`. */
export const toolPaths = {
  check_availability: "/calendar/check",
  reserve_atomic: "/booking/reserve-atomic",
  send_otp_code: "/booking/send-otp",
  verify_otp: "/booking/verify-otp",
  send_confirmation_sms: "/booking/send-confirmation",
} as const;

export type ToolName = keyof typeof toolPaths;

export const toolNames = Object.keys(toolPaths) as ToolName[];

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(toolPaths, name);
}

/** What has not happened when a tool fails, to be spoken or to follow NOT BOOKED. */
export const notDone: Readonly<Record<ToolName, string>> = {
  check_availability: "the calendar could not be checked",
  reserve_atomic: "no time is held",
  send_otp_code: "no code was sent",
  verify_otp: "the appointment could not be confirmed",
  send_confirmation_sms: "no confirmation was sent",
};
