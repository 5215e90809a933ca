import { withTenant } from "@bookproof/postgres";
import type { RecordConfirmationSmsRequest, RecordConfirmationSmsResponse } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { recordConfirmationSms as record } from "../queries/confirmation-sms.ts";

const schema = z.object({
  tenantId: z.guid(),
  appointmentId: z.guid(),
  messageId: z.string().min(1).max(200),
  sentAt: z.date(),
});

/** Notes an appointment's confirmation SMS on its row; the first one stands. */
export const recordConfirmationSms =
  (deps: Deps) =>
  async (request: RecordConfirmationSmsRequest): Promise<RecordConfirmationSmsResponse> => {
    const { tenantId, ...sms } = parseRequest(schema, request);
    return { recorded: await withTenant(deps.pool, tenantId, (client) => record(client, tenantId, sms)) };
  };
