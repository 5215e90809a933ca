import { BookproofError } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { FinishConnectRequest, FinishConnectResponse } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { OAuthGrant } from "../adapters/google-oauth.ts";
import { tryOpen } from "../adapters/stored-credential.ts";
import { type ConnectableCalendar, findConnectable } from "../connect/find-connectable.ts";
import { obtainGrant } from "../connect/obtain-grant.ts";
import { takeAttempt } from "../connect/take-attempt.ts";
import type { Deps } from "../deps.ts";
import { sha256 } from "../domain/secret-token.ts";
import { lockReplacedCredential, storeConnection } from "../queries/calendar-connection.ts";

const schema = z.object({ state: z.string(), browserToken: z.string(), code: z.string(), error: z.string() });

/** A code of Google's list, e.g. `access_denied`; what else stands there is nobody's but the sender's. */
const knownForm = /^[a-z_]{1,60}$/;

/** Ends a sign-in at Google: the calendar is connected by what was allowed there, or nothing is stored. */
export const finishConnect =
  (deps: Deps) =>
  async (request: FinishConnectRequest): Promise<FinishConnectResponse> => {
    const { state, browserToken, code, error } = parseRequest(schema, request);
    const { tenantId, calendarId, ...attempt } = await takeAttempt(deps, { state, browserToken });
    refuseErrors(code, error);
    const calendar = await findConnectable(deps, tenantId, calendarId);
    const grant = await obtainGrant(deps, { tenantId, calendar }, { code, ...attempt });
    await connect(deps, tenantId, calendar, grant);
    deps.logger.info({ tenantId, calendarId }, "[CALENDAR_CONNECTED] it was connected at Google");
    return { tenantId, calendarId, displayName: calendar.displayName, accountEmail: grant.accountEmail };
  };

function refuseErrors(code: string, error: string): void {
  if (error === "access_denied")
    throw new BookproofError(
      "connect_denied",
      "Access was not granted at Google, and nothing was changed: open the link again, and choose to allow it.",
    );
  if (error || !code) {
    const named = knownForm.test(error) ? ` (${error})` : "";
    throw new BookproofError("connect_refused", `Google did not let it be connected${named}: open the link again.`);
  }
}

async function connect(
  deps: Deps,
  tenantId: string,
  { id: calendarId, source }: ConnectableCalendar,
  { refreshToken, accountEmail }: OAuthGrant,
): Promise<void> {
  const { googleCalendarId } = source;
  await withTenant(deps.pool, tenantId, async (client) => {
    const replaced = await lockReplacedCredential(client, { tenantId, calendarId, googleCalendarId });
    if (!replaced)
      throw new BookproofError(
        "connect_refused",
        "The calendar was changed in the tenant file meanwhile: open the link again.",
      );
    const fromFile = replaced.isFromFile ? tryOpen(deps.secrets, replaced.credentialSealed) : undefined;
    await storeConnection(client, {
      tenantId,
      calendarId,
      accountEmail,
      credentialSealed: deps.secrets.seal(refreshToken),
      replacedSha256: fromFile ? sha256(fromFile) : undefined,
    });
  });
}
