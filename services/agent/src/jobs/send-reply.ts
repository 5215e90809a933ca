import type { z } from "zod";
import type { Deps } from "../deps.ts";
import type { sendReply } from "./definitions.ts";

export async function runSendReply(deps: Deps, reply: z.output<typeof sendReply.payload>): Promise<void> {
  const { content, ...message } = reply;
  await deps.notifier.sendToCustomer({
    ...message,
    content:
      content.kind === "booked"
        ? { $case: "booked", value: { appointmentId: content.appointmentId } }
        : { $case: "freeText", value: { text: content.text, appointmentId: "" } },
  });
}
