import { withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { type Attempt, selectAttempt } from "../queries/attempts.ts";

const pollMs = 100;

/**
 * Waits for an attempt that another request is carrying out: a caller who talks over the assistant makes it verify again,
 * and hears the answer of the second request alone. @param answerBy milliseconds since the epoch.
 * @returns the attempt as it stands then, still started if time ran out.
 */
export async function endOfAttempt(deps: Deps, tenantId: string, attempt: Attempt, answerBy: number): Promise<Attempt> {
  let seen = attempt;
  while (seen.status === "started" && Date.now() + pollMs < answerBy) {
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    const { id } = seen;
    seen = (await withTenant(deps.pool, tenantId, (client) => selectAttempt(client, tenantId, id))) ?? seen;
  }
  return seen;
}
