import { checkDatabase } from "@bookproof/postgres";
import type { Check } from "@bookproof/proto/doctor";
import { failedCheck, okCheck, warningCheck } from "@bookproof/service";
import type { Deps } from "../deps.ts";
import { whyNotPublic } from "../domain/judge-public-url.ts";

const reachMs = 3_000;

/** The gateway's own address, and its clock. */
export async function checkEdge(deps: Deps): Promise<Check[]> {
  const checks = await Promise.all([
    checkReachable(deps),
    checkDatabase(deps.pool, { service: "the gateway", logger: deps.logger }),
  ]);
  return [checkPublicUrl(deps), ...checks.flat()];
}

function checkPublicUrl({ config }: Deps): Check {
  const name = "public address";
  const why = whyNotPublic(config.publicUrl);
  if (!why) return okCheck(name, `PUBLIC_URL is ${config.publicUrl}.`);
  const detail = `PUBLIC_URL ${config.publicUrl} ${why}.`;
  const whatToDo =
    "Set PUBLIC_URL of gateway and notifier to the https address by which Twilio and Vapi reach the gateway.";
  // There the simulators call, and they are on this machine.
  return config.sandboxSimulatorUrl
    ? warningCheck(name, `${detail} The sandbox can do with it.`, whatToDo)
    : failedCheck(name, detail, whatToDo);
}

/** Some networks do not let a machine reach itself from outside: no answer is a warning. */
async function checkReachable({ config, logger }: Deps): Promise<Check> {
  const name = "reachable";
  const url = `${config.publicUrl}/api/health`;
  const whatToDo = `Open ${url} from elsewhere: it must answer {"status":"ok"}. If it does not, look at DNS, certificate and proxy.`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(reachMs), redirect: "manual" });
    await response.body?.cancel();
    if (response.ok) return okCheck(name, `${url} answers.`);
    return warningCheck(name, `${url} answers ${response.status}.`, whatToDo);
  } catch (error) {
    logger.warn({ err: error }, "[CHECK_FAILED] the public address does not answer");
    return warningCheck(name, `${url} does not answer the gateway itself.`, whatToDo);
  }
}
