import assert from "node:assert/strict";
import { createSecretBox } from "@bookproof/postgres";
import { plumber } from "../../demo/stage.ts";
import { openBrowser } from "../../support/browser.ts";
import type { Personal } from "./find-personal.ts";
import { person, secrets } from "./people.ts";
import { bearer } from "./requests.ts";
import type { World } from "./world.ts";

const calendar = "cal-van";

/**
 * The plumber connects the calendar at Google: in vain each time that something goes wrong, and then for good.
 * @returns links, states, codes, verifiers, browsers' tokens and the refresh token, each of which opens something
 */
export async function connectAtGoogle(world: World): Promise<Personal[]> {
  const { google } = world.stage;
  const found: Personal[] = [];
  google.setConsent({ answer: "deny", account: person.email });
  await comeBack(world, found, 403);
  google.setConsent({ answer: "allow", account: person.email });
  google.faults.add({ kind: "fail-before", match: { path: "/token" }, status: 400, code: "invalid_grant", times: 1 });
  await comeBack(world, found, 409);
  google.faults.add({ kind: "drop", match: { path: "/token" }, times: 1 });
  await comeBack(world, found, 503);
  const back = await comeBack(world, found, 200);
  assert.equal((await openBrowser().step(back)).status, 400);
  const { rows } = await world.stage.database.query(
    "SELECT google_credential_sealed AS sealed FROM calendar.calendars WHERE tenant_id = $1 AND id = $2",
    [plumber.tenantId, calendar],
  );
  found.push({ what: "refresh token", kind: "secret", value: opened(rows[0].sealed) });
  return found;
}

/** One sign-in, from a new link on. @returns where Google sent the browser back to */
async function comeBack({ stage }: World, found: Personal[], status: number): Promise<URL> {
  const keep = (what: string, value: string | null | undefined) => {
    if (value) found.push({ what: `${what} ${found.length}`, kind: "secret", value });
  };
  const made = await fetch(`${stage.gatewayUrl}/api/google/connect-links`, {
    method: "POST",
    headers: { ...bearer(stage.adminToken), "content-type": "application/json" },
    body: JSON.stringify({ tenantId: plumber.tenantId, calendar }),
  });
  const link = new URL(((await made.json()) as { url: string }).url);
  keep("link", link.searchParams.get("link"));
  const browser = openBrowser();
  const back = await browser.follow(await browser.follow(link));
  keep("state", back.searchParams.get("state"));
  keep("authorization code", back.searchParams.get("code"));
  keep("browser's token", browser.cookies()[0]?.value);
  const { rows } = await stage.database.query(
    "SELECT code_verifier_sealed AS sealed FROM calendar.connect_attempts WHERE code_verifier_sealed <> ''",
  );
  for (const { sealed } of rows) keep("verifier", opened(sealed));
  assert.equal((await browser.step(back)).status, status);
  return back;
}

const opened = (sealed: string) => createSecretBox([secrets.secretsKey]).open(sealed);
