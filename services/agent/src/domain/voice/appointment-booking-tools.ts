/** A JSON Schema of one text. */
interface TextSchema {
  type: "string";
  description: string;
}

type ToolMessage =
  | { type: "request-start"; content: string }
  | { type: "request-response-delayed"; content: string; timingMilliseconds: number }
  | { type: "request-failed"; content: string };

/** One of the five, as Vapi's CreateAssistantDTO takes it. */
export interface BookingTool {
  type: "function";
  async: false;
  function: {
    name: string;
    description: string;
    parameters: { type: "object"; properties: Record<string, TextSchema>; required: string[] };
  };
  server: { url: string; timeoutSeconds: number };
  /** Merged in after the model's arguments and hidden from it: tenant and caller are nothing it may choose. */
  parameters: { key: string; value: string }[];
  /** No `request-complete`: Vapi would speak it whatever the result says. */
  messages: ToolMessage[];
}

interface ToolText {
  name: string;
  path: string;
  description: string;
  properties: Record<string, string>;
  required: string[];
  starting: string;
}

const tools: ToolText[] = [
  {
    name: "check_availability",
    path: "calendar/check",
    description: "Finds free times. Always the first step; offer only times it returns.",
    properties: {
      date: "The day wanted: YYYY-MM-DD, or the caller's own words such as 'next Tuesday'. Leave out for the next days.",
      serviceType: "The service wanted, as the caller named it.",
    },
    required: [],
    starting: "Let me check the calendar.",
  },
  {
    name: "reserve_atomic",
    path: "booking/reserve-atomic",
    description: "Holds one free time for ten minutes. A held time is not a booking.",
    properties: {
      slotId: "The exact `time` of a slot that check_availability returned.",
      calendarId: "The `provider` of that slot, or whoever the caller asks for by name. Leave out if neither.",
      patientName: "The caller's name.",
      patientPhone: "Only if the caller's own number is unknown.",
      patientEmail: "Only if the caller cannot receive texts.",
      serviceType: "The service wanted.",
    },
    required: ["slotId", "patientName"],
    starting: "One moment while I hold that time.",
  },
  {
    name: "send_otp_code",
    path: "booking/send-otp",
    description: "Sends the caller a 4-digit code. Needs a held time.",
    properties: { holdId: "The `holdId` that reserve_atomic returned." },
    required: ["holdId"],
    starting: "I'm sending you a 4-digit code for security.",
  },
  {
    name: "verify_otp",
    path: "booking/verify-otp",
    description: "Checks the code and books. Nothing is booked unless this answers success.",
    properties: {
      holdId: "The `holdId` that reserve_atomic returned.",
      providedOTP: "The digits the caller read out.",
      contactId: "The `contactId` that reserve_atomic returned.",
      address: "Where we should come to, for a service at the caller's place.",
    },
    required: ["holdId", "providedOTP"],
    starting: "Thanks, let me check that code.",
  },
  {
    name: "send_confirmation_sms",
    path: "booking/send-confirmation",
    description: "Texts the details of the booked appointment. Always the last step.",
    properties: { appointmentId: "The `appointmentId` that verify_otp returned." },
    required: ["appointmentId"],
    starting: "I'm sending you the details.",
  },
];

/**
 * The five tools of every assistant: no more, no less, whatever a tenant's prompt says.
 * @param baseUrl where Vapi reaches the gateway, without a slash at its end.
 */
export function getAppointmentBookingTools(baseUrl: string, caller: { tenantId: string }): BookingTool[] {
  return tools.map(({ name, path, description, properties, required, starting }) => ({
    type: "function",
    async: false,
    function: {
      name,
      description,
      parameters: {
        type: "object",
        properties: Object.fromEntries(
          Object.entries(properties).map(([key, text]) => [key, { type: "string", description: text }]),
        ),
        required,
      },
    },
    server: { url: `${baseUrl}/api/vapi/tools/${path}`, timeoutSeconds: 20 },
    parameters: [
      { key: "tenantId", value: caller.tenantId },
      { key: "callerPhone", value: "{{customer.number}}" },
    ],
    messages: [
      { type: "request-start", content: starting },
      { type: "request-response-delayed", content: "Just a moment more.", timingMilliseconds: 3_000 },
      { type: "request-failed", content: "I hit a snag there, so nothing is booked. A human will follow up with you." },
    ],
  }));
}
