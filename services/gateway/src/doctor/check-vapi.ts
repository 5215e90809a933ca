import { createHmac } from "node:crypto";
import type { TenantConnection } from "@bookproof/proto/booking";
import type { Check } from "@bookproof/proto/doctor";
import { failedCheck, okCheck, warningCheck } from "@bookproof/service";
import type { FastifyInstance } from "fastify";
import { toolPaths } from "../domain/vapi/tool-names.ts";

const name = "Vapi credential";
/** A shorter one can be guessed. */
const shortest = 16;
/** Vapi's own message with no call in it: nothing is looked up, held or stored. */
const noCalls = JSON.stringify({ message: { type: "tool-calls", toolCallList: [] } });
const apply = "and run `npm run bookproof -- tenant apply FILE`.";

/** Whether a tool call with the tenant's credential is let in by our own route. It does not leave this process, nor does the secret. */
export async function checkVapi(app: FastifyInstance, connection: TenantConnection | undefined): Promise<Check> {
  const { secret = "", hmacSecret = "" } = connection?.vapi ?? {};
  if (!secret && !hmacSecret)
    return warningCheck(
      name,
      "The tenant has none: no calls are answered.",
      `For calls, set vapi.secret_env in the tenant file ${apply}`,
    );
  const used = [secret && bearer(secret), hmacSecret && signature(hmacSecret)].filter((one) => typeof one === "object");
  for (const { kind, headers } of used) {
    const url = `/api/vapi/tools${toolPaths.check_availability}`;
    const answer = await app.inject({ method: "POST", url, headers, payload: noCalls });
    if (answer.statusCode === 200) continue;
    const whatToDo = `Make a new ${kind} of letters and digits, set it in the tenant file and at Vapi's server settings, ${apply}`;
    return failedCheck(name, `Our own route answers ${answer.statusCode} to a tool call with the ${kind}.`, whatToDo);
  }
  const short = [secret, hmacSecret].some((one) => one && one.length < shortest);
  const kinds = used.map(({ kind }) => kind).join(" and ");
  if (!short) return okCheck(name, `A tool call with the ${kinds} is let in.`);
  const whatToDo = `Use ${shortest} letters and digits or more, here and at Vapi, ${apply}`;
  return warningCheck(name, `It is let in, but has fewer than ${shortest} characters: it can be guessed.`, whatToDo);
}

const json = { "content-type": "application/json" };

const bearer = (secret: string) => ({ kind: "secret", headers: { ...json, authorization: `Bearer ${secret}` } });

function signature(hmacSecret: string) {
  const timestamp = String(Date.now());
  const hex = createHmac("sha256", hmacSecret).update(`${timestamp}.${noCalls}`).digest("hex");
  return { kind: "HMAC secret", headers: { ...json, "x-timestamp": timestamp, "x-signature": hex } };
}
