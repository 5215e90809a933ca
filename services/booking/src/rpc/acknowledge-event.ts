import { withTenant } from "@bookproof/postgres";
import type { AcknowledgeEventRequest, AcknowledgeEventResponse } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { acknowledge } from "../queries/event-acknowledgements.ts";

const schema = z.object({ tenantId: z.guid(), eventId: z.guid() });

/** The notifier's word that it has stored what follows from an event of Kafka; said twice it is the same. */
export const acknowledgeEvent =
  (deps: Deps) =>
  async (request: AcknowledgeEventRequest): Promise<AcknowledgeEventResponse> => {
    const { tenantId, eventId } = parseRequest(schema, request);
    await withTenant(deps.pool, tenantId, (client) => acknowledge(client, { tenantId, eventId, via: "kafka" }));
    return {};
  };
