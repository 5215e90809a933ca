import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { plumber } from "../demo/stage.ts";
import { bookByCall, bookByEmail, bookInSeedDialect, reachCode } from "./redaction/call-journeys.ts";
import { connectAtGoogle } from "./redaction/connect-journeys.ts";
import { failInQueue, failToReadName, failToStoreReply, failToStoreText } from "./redaction/database-journeys.ts";
import { createPersonalFinder, findBadMask, type Personal } from "./redaction/find-personal.ts";
import { gatewayRoutes, type Route } from "./redaction/gateway-routes.ts";
import { lookUpEverything } from "./redaction/look-ups.ts";
import { personal, secrets } from "./redaction/people.ts";
import { bearer, json, send, sendAll } from "./redaction/requests.ts";
import { misplacedArguments, misplacedTenants, signedForms } from "./redaction/signed-requests.ts";
import { sweep } from "./redaction/sweep.ts";
import {
  bookByText,
  confirmAtDyingBooking,
  confirmAtStoppedBooking,
  failByCalendar,
  failByCredentials,
  failByTwilio,
  writeToStoppedAgent,
} from "./redaction/text-journeys.ts";
import { openWorld, plumberWithEmail, type World } from "./redaction/world.ts";
import { describeLeaks, type Places, readPlaces } from "./redaction/written-places.ts";

const patienceMs = 240_000;

/** Of codes that are also a year or a round number of something, nobody could say what they are. */
const mayBeAnything = /00$|^20[23]\d$/;

/** What log lines say of the journeys that fail, so that it is known that they did. */
const failures = [
  ...["SMS_NOT_TAKEN_IN", "TWILIO_SIGNATURE_REFUSED", "VAPI_TENANT_REFUSED", "VAPI_TOOL_FAILED", "VOICE_TOOL_FAILED"],
  ...["RPC_FAILED", "JOB_RETRY", "JOB_GAVE_UP", "JOB_QUEUE", "BOOKING_CREATE_FAILED", "ESCALATION_FAILED"],
  ...[
    "CALENDAR_VENDOR_FAILED",
    "CALENDAR_DISCONNECTED",
    "CALENDAR_NOT_CONNECTED",
    "TWILIO_CREDENTIALS_FAILED",
    "OTP_NOT_ACCEPTED",
    "EVENT_CONSUMED",
  ],
];

describe("names, numbers, addresses, words, codes and credentials", () => {
  let world: World;
  let routes: Route[];
  let places: Places;
  /** What turns up on the way and is as personal: codes, and a token that is issued. */
  const drawn: Personal[] = [];
  const keepCodes = (...codes: string[]) => {
    for (const value of codes.filter((code) => !mayBeAnything.test(code)))
      drawn.push({ what: `code ${drawn.length}`, kind: "code", value });
  };
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= world?.close();
    return closing;
  };

  beforeAll(async () => {
    [routes, world] = await Promise.all([gatewayRoutes(), openWorld()]);
    const path = `/api/admin/tenants/${plumber.tenantId}`;
    const put = { method: "PUT", path, ...json(await plumberWithEmail(), bearer(secrets.adminToken)) };
    expect(await send(world.stage.gatewayUrl, put)).toBe(200);
  }, patienceMs);
  afterAll(close, patienceMs);

  test(
    "are in journeys that succeed",
    async () => {
      const calls = [bookByCall(world), bookInSeedDialect(world), bookByEmail(world)];
      keepCodes(...(await Promise.all(calls)));
      await bookByText(world);
      expect(drawn.length).toBeGreaterThan(0);
    },
    patienceMs,
  );

  test(
    "are in journeys that fail",
    async () => {
      for (const fail of [failByTwilio, failToStoreText, failToStoreReply, failToReadName, failInQueue])
        await fail(world);
      const caller = await reachCode(world);
      keepCodes(caller.code);
      await confirmAtStoppedBooking(world, caller.confirm);
      await confirmAtDyingBooking(world);
      await failByCalendar(world);
      await writeToStoppedAgent(world);
    },
    patienceMs,
  );

  test(
    "are in sign-ins at Google",
    async () => {
      drawn.push(...(await connectAtGoogle(world)));
      expect(drawn.filter(({ kind }) => kind === "secret").length).toBeGreaterThan(15);
    },
    patienceMs,
  );

  test(
    "are in every field of every route",
    async () => {
      const { gatewayUrl, adminToken } = world.stage;
      const statuses = [
        ...(await sendAll(gatewayUrl, sweep(routes, adminToken))),
        ...(await sendAll(gatewayUrl, signedForms(gatewayUrl))),
        ...(await sendAll(gatewayUrl, misplacedArguments())),
        ...(await sendAll(gatewayUrl, misplacedTenants(await plumberWithEmail(), adminToken))),
      ];
      expect(statuses.filter((status) => status === 0 || status === 500)).toEqual([]);
      for (const status of [200, 204, 400, 401, 403, 404, 405, 413, 415]) expect(statuses).toContain(status);
    },
    patienceMs,
  );

  test(
    "are in what is asked for and answered",
    async () => {
      drawn.push({ what: "an issued token", kind: "secret", value: await lookUpEverything(world) });
      await failByCredentials(world);
    },
    patienceMs,
  );

  test("have been through every route: each has a span", async () => {
    const isTraced = ({ url }: Route) => !/^\/(livez|readyz)$/.test(url);
    const missing = () => {
      const names = new Set(world.backend.spans().map(({ name }) => name));
      return routes.filter(isTraced).flatMap(({ method, url }) => (names.has(`${method} ${url}`) ? [] : [url]));
    };
    await eventually("the spans", () => missing().length === 0).catch(() => undefined);
    expect(missing()).toEqual([]);
  });

  test(
    "are found in no log line, span, measurement or trace row",
    async () => {
      places = await readPlaces(world, close);
      const find = createPersonalFinder([...personal, ...drawn]);
      expect(describeLeaks(places, (text) => [...find(text), ...findBadMask(text)])).toEqual([]);
    },
    patienceMs,
  );

  test("would be found there", () => {
    for (const marker of failures) expect(places.logs).toContainEqual(expect.stringContaining(`[${marker}]`));
    for (const [place, texts] of Object.entries(places)) {
      expect([place, texts.length > 100]).toEqual([place, true]);
      const text = texts.find((candidate) => candidate.endsWith("}")) ?? "";
      for (const value of [...personal, ...drawn]) {
        const planted = text.replace(/}$/, `,"note":${JSON.stringify(`of ${value.value} alone`)}}`);
        expect(createPersonalFinder([value])(planted)).toHaveLength(1);
      }
    }
  });
});
