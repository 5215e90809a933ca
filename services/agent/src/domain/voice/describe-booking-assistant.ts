import { getAppointmentBookingTools } from "./appointment-booking-tools.ts";
import { atomicBookingPrompt, type PromptFacts } from "./atomic-booking-prompt.ts";

/** What Vapi reports to us: the tools' calls, how a call stands, and its end. */
const serverMessages: ("tool-calls" | "status-update" | "end-of-call-report" | "hang")[] = [
  "tool-calls",
  "status-update",
  "end-of-call-report",
  "hang",
];

/** A tenant's assistant as Vapi's CreateAssistantDTO. @param baseUrl without a slash at its end. */
export function describeBookingAssistant(tenantId: string, baseUrl: string, facts: PromptFacts) {
  return {
    // Vapi's limit is 40 characters.
    name: `${facts.businessName} bookings`.slice(0, 40),
    firstMessage: `Hi! I'm Voxanne with ${facts.businessName}. How can I help?`,
    model: {
      provider: "openai" as const,
      model: "gpt-4o" as const,
      messages: [{ role: "system" as const, content: atomicBookingPrompt(facts) }],
      tools: getAppointmentBookingTools(baseUrl, { tenantId }),
    },
    server: { url: `${baseUrl}/api/vapi/webhook`, timeoutSeconds: 20 },
    serverMessages,
  };
}
