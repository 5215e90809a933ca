import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { FaultClaim, FaultPlan } from "./fault-plan.ts";
import { type FaultRule, faultRuleSchema, type RequestFacts } from "./fault-rule.ts";

/** The error a rule asks for, with its status settled. */
export type FaultError = { status: number; code: number | string | undefined; message: string | undefined };

/** What differs between the vendors. */
export type FaultVendor = {
  facts(request: FastifyRequest): RequestFacts;
  /** The vendor's own error body. */
  errorBody(error: FaultError, facts: RequestFacts): object;
};

/** Control routes live here; no fault ever strikes them. */
export const CONTROL_PREFIX = "/_sim/";

/** Makes every request of `app` subject to the plan, and adds `GET`, `POST` and `DELETE /_sim/faults`. */
export function installFaults(app: FastifyInstance, plan: FaultPlan, vendor: FaultVendor): void {
  const afterwards = new WeakMap<FastifyRequest, FaultClaim>();

  // After parsing, because rules look into the body.
  app.addHook("preHandler", async (request, reply) => {
    if (request.url.startsWith(CONTROL_PREFIX)) return;
    const facts = vendor.facts(request);
    const claim = plan.claim(facts);
    if (claim === undefined) return;
    const { rule } = claim;
    if (strikesAfter(rule)) {
      afterwards.set(request, claim);
      return;
    }
    if (rule.kind === "delay") {
      await wait(rule.delayMs ?? 0);
      return;
    }
    if (rule.kind === "drop") return destroy(request, reply);
    if (rule.kind === "time-out-before") {
      if (rule.delayMs === undefined) return hang(reply);
      await wait(rule.delayMs);
    }
    const error = faultError(rule);
    if (rule.retryAfter !== undefined) reply.header("retry-after", rule.retryAfter);
    return reply.code(error.status).send(vendor.errorBody(error, facts));
  });

  app.addHook("onSend", async (request, reply, payload) => {
    const claim = afterwards.get(request);
    if (claim === undefined) return payload;
    if (reply.statusCode >= 400) {
      claim.release();
      return payload;
    }
    const { rule } = claim;
    if (rule.kind === "drop") {
      request.raw.socket.destroy();
      return payload;
    }
    if (rule.kind === "time-out-after") {
      if (rule.delayMs === undefined) return new Promise<never>(() => {});
      await wait(rule.delayMs);
      return payload;
    }
    const error = faultError(rule);
    reply.code(error.status).type("application/json; charset=utf-8");
    return JSON.stringify(vendor.errorBody(error, vendor.facts(request)));
  });

  app.get(`${CONTROL_PREFIX}faults`, async () => ({ rules: plan.list(), fired: plan.fired() }));
  app.post(`${CONTROL_PREFIX}faults`, async (request, reply) => {
    const rule = faultRuleSchema.safeParse(request.body);
    if (!rule.success) return reply.code(400).send({ error: rule.error.message });
    return reply.code(201).send(plan.add(rule.data));
  });
  app.delete(`${CONTROL_PREFIX}faults`, async (_request, reply) => {
    plan.clear();
    return reply.code(204).send();
  });
}

function strikesAfter(rule: FaultRule): boolean {
  return (
    rule.kind === "time-out-after" || rule.kind === "error-after" || (rule.kind === "drop" && rule.when === "after")
  );
}

function faultError(rule: FaultRule): FaultError {
  return {
    status: rule.status ?? (rule.kind === "time-out-before" ? 503 : 500),
    code: rule.code,
    message: rule.message,
  };
}

/** A pending delay must not keep the process of a closed simulator alive. */
async function wait(ms: number): Promise<void> {
  await sleep(ms, undefined, { ref: false });
}

function hang(reply: FastifyReply): FastifyReply {
  return reply.hijack();
}

function destroy(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.destroy();
  return reply;
}
