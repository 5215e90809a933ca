import type { DescribeAssistantRequest, DescribeAssistantResponse } from "@bookproof/proto/agent";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import { callerSchema } from "../calls/open-call.ts";
import { readPromptExtension } from "../calls/read-prompt-extension.ts";
import type { Deps } from "../deps.ts";
import { describeBookingAssistant } from "../domain/voice/describe-booking-assistant.ts";

const schema = z.object({ caller: callerSchema, baseUrl: z.url() });

/** A tenant's voice assistant as Vapi's CreateAssistantDTO: our rules and exactly five tools, whatever the tenant adds. */
export const describeAssistant =
  (deps: Deps) =>
  async (request: DescribeAssistantRequest): Promise<DescribeAssistantResponse> => {
    const { caller, baseUrl } = parseRequest(schema, request);
    const { tenantId } = caller;
    const [tenant, extension] = await Promise.all([
      deps.readTenant(tenantId),
      readPromptExtension(deps.booking, tenantId),
    ]);
    const { name: businessName, timeZone, offerings } = tenant;
    const facts = { businessName, timeZone, offerings, extension, now: new Date() };
    return { assistantJson: JSON.stringify(describeBookingAssistant(tenantId, baseUrl.replace(/\/+$/, ""), facts)) };
  };
