import { BookproofError, hasReason } from "@bookproof/errors";
import type { TenantConnection } from "@bookproof/proto/booking";
import type { Check } from "@bookproof/proto/doctor";
import { checksOf, failedCheck } from "@bookproof/service";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { checkEdge } from "./check-edge.ts";
import { checkVapi } from "./check-vapi.ts";

/** How long a service may take over its checks. Each of them ends by itself before that. */
const deadline = 18_000;
/** One that listens nowhere is not asked for long. */
const patience = { deadline, retryMaxAttempts: 3 };

export interface Part {
  /** A service, or "owner". */
  part: string;
  checks: Check[];
}

export interface Examination {
  tenant: { id: string; name: string };
  parts: Part[];
  /** Undefined when none was sent; why is in the part "owner". */
  testAlertId: string | undefined;
}

/**
 * Has every service check what it owns for a tenant, all at once, and a test alert sent. A service that does not answer is a failed
 * check of its part.
 * @throws BookproofError `tenant_not_found`
 */
export async function examineTenant(deps: Deps, app: FastifyInstance, tenantId: string): Promise<Examination> {
  // What no tenant can be called is no tenant.
  if (!z.guid().safeParse(tenantId).success) throw new BookproofError("tenant_not_found");
  await refuseUnknown(deps, tenantId);
  await deps.connections.refresh();
  const connection = deps.connections.all().find((one) => one.tenantId === tenantId);
  const asked = { tenantId };
  const [gateway, agent, booking, calendar, notifier, alert] = await Promise.all([
    checkGateway(deps, app, connection),
    partOf(deps, "agent", async () => (await deps.agent.diagnose(asked, patience)).checks),
    partOf(deps, "booking", async () => (await deps.booking.diagnose(asked, patience)).checks),
    partOf(deps, "calendar", async () => (await deps.calendar.diagnose(asked, patience)).checks),
    partOf(deps, "notifier", async () => (await deps.notifier.diagnose(asked, patience)).checks),
    sendTestAlert(deps, tenantId),
  ]);
  return {
    tenant: { id: tenantId, name: connection?.name ?? "" },
    parts: [gateway, agent, booking, calendar, notifier, ...(alert.part ? [alert.part] : [])],
    testAlertId: alert.testAlertId,
  };
}

/** Where booking is away nobody knows whether there is such a tenant: its part says so. */
async function refuseUnknown(deps: Deps, tenantId: string): Promise<void> {
  await deps.booking.getTenant({ tenantId }, { deadline: 3_000 }).catch((error: unknown) => {
    if (hasReason(error, "tenant_not_found")) throw error;
  });
}

async function checkGateway(deps: Deps, app: FastifyInstance, connection: TenantConnection | undefined): Promise<Part> {
  const options = { whatToDo: "Look at the log of the gateway.", withinMs: deadline, logger: deps.logger };
  const vapi = checksOf("Vapi credential", options, () => checkVapi(app, connection));
  return { part: "gateway", checks: (await Promise.all([checkEdge(deps), vapi])).flat() };
}

async function partOf(deps: Deps, part: string, ask: () => Promise<Check[]>): Promise<Part> {
  try {
    return { part, checks: await ask() };
  } catch (error) {
    deps.logger.warn({ err: error, part }, "[CHECK_FAILED] a service could not be asked");
    const away = hasReason(error, "unavailable");
    const detail = away ? `The service ${part} does not answer.` : `The service ${part} could not check anything.`;
    const whatToDo = `Look at the log of ${part}, start it, and run this again.`;
    return { part, checks: [failedCheck("service", detail, whatToDo)] };
  }
}

async function sendTestAlert(deps: Deps, tenantId: string): Promise<{ testAlertId?: string; part?: Part }> {
  const failed = (why: string) => {
    const whatToDo = "Correct what is said of the notifier and the agent above, and run this again.";
    return { part: { part: "owner", checks: [failedCheck("test alert", `It was not sent. ${why}`, whatToDo)] } };
  };
  try {
    const { testAlertId, notSentBecause } = await deps.notifier.sendTestAlert({ tenantId }, patience);
    return testAlertId ? { testAlertId } : failed(notSentBecause);
  } catch (error) {
    deps.logger.warn({ err: error }, "[CHECK_FAILED] no test alert could be sent");
    return failed("The notifier, or the agent behind it, does not answer.");
  }
}
