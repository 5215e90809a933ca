import { z } from "zod";
import type { InProcessWorld } from "./in-process-world.ts";

interface AdminCall {
  token: string;
  /** Sent as JSON, or as it is where it is a text. */
  body?: unknown;
}

/** A JSON call of the gateway's admin API. */
export async function adminCall(world: InProcessWorld, method: string, path: string, { token, body }: AdminCall) {
  const sent = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(world.gatewayUrl + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(sent === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(sent === undefined ? {} : { body: sent }),
  });
  return { status: response.status, body: z.looseObject({}).parse(await response.json()) };
}
