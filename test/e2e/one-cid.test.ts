import { createVapiCaller, type TraceBackend } from "@bookproof/simulators";
import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { DateTime } from "luxon";
import { clinic, plumber, type Stage, vapiSecret } from "../demo/stage.ts";
import { edgesOf, type FoundSpan, searchByCid } from "./journey-traces.ts";
import { openTracedStage, type TracedStage } from "./traced-stage.ts";

/** What the customers of this file are called, where they live, and what they wrote: none of it may be found in a span. */
const personal = /Roe|Stone|Main St|leak, can|CONFIRM\b.*please|\+1555(?:123|777)\d{4}|5551230|5557770/;

const viaBooking = ["agent → booking", "booking → calendar"];
const edges = {
  text: ["gateway → agent", ...viaBooking, "agent → notifier", "gateway → notifier", "notifier → booking"],
  failure: ["gateway → agent", ...viaBooking, "booking → notifier", "notifier → agent"],
  voice: ["gateway → agent", ...viaBooking, "booking → notifier", "agent → notifier", "notifier → booking"],
};

describe.each([
  { bus: "direct delivery", kafka: false },
  { bus: "Kafka", kafka: true },
])("one search by cid, with $bus", ({ kafka }) => {
  let traced: TracedStage;
  let backend: TraceBackend;
  let stage: Stage;
  beforeAll(async () => {
    traced = await openTracedStage({ kafka });
    ({ backend, stage } = traced);
  }, 120_000);
  afterAll(async () => {
    await traced?.close();
  }, 60_000);

  const cidOf = (customer: string) =>
    eventually("the journey", async () => {
      const { rows } = await stage.database.query(
        "SELECT correlation_id AS cid FROM agent.conversations WHERE customer_phone = $1",
        [customer],
      );
      return rows[0]?.cid as string | undefined;
    });

  /** The spans of a journey once the declared edges are all there, which the last span of them may take a moment for. */
  async function journeyOf(customer: string, declared: readonly string[]): Promise<FoundSpan[]> {
    const cid = await cidOf(customer);
    let spans: FoundSpan[] = [];
    await eventually(
      "the edges of the journey",
      async () => {
        spans = await searchByCid(backend, cid);
        const found = edgesOf(spans);
        return declared.every((edge) => found.includes(edge)) && orphansIn(spans).length === 0;
      },
      20_000,
    ).catch(() => undefined);
    expect(edgesOf(spans)).toEqual(expect.arrayContaining([...declared]));
    expectWhole(spans, cid);
    return spans;
  }

  function expectWhole(spans: readonly FoundSpan[], cid: string): void {
    expect(spans.filter(({ tags }) => tags.cid !== cid).map(describeSpan)).toEqual([]);
    expect(orphansIn(spans)).toEqual([]);
    const servers = spans.filter(({ tags }) => tags["span.kind"] === "server" || tags["span.kind"] === "consumer");
    expect(servers.filter(({ tags }) => !tags.tenant_id).map(describeSpan)).toEqual([]);
    expect(spans.map(describeSpan).filter((text) => personal.test(text))).toEqual([]);
  }

  test("shows a booking by text in all five services, each text one trace", async () => {
    const jane = "+15551230001";
    const texts = ["book me tomorrow morning", "1", "Jane Roe", "CONFIRM"];
    let answer = "";
    for (const text of texts) answer = await stage.ask(jane, clinic.phone, text);
    expect(answer).toMatch(/^Your appointment is all set/);
    const spans = await journeyOf(jane, edges.text);
    const received = spans.filter(({ service, name }) => service === "gateway" && name === "POST /api/twilio/sms");
    expect(new Set(received.map(({ traceId }) => traceId)).size).toBe(texts.length);
    expect(received.every(({ parentId }) => parentId === undefined)).toBe(true);
    expect(spans.map(({ tags }) => tags["bookproof.stage"])).toEqual(expect.arrayContaining(["INBOUND", "BOOKED"]));
    const sends = spans.filter(({ service, tags }) => service === "notifier" && tags["http.request.method"] === "POST");
    expect(sends.map(({ tags }) => tags["span.kind"])).toEqual(texts.map(() => "client"));
  });

  test("shows a CONFIRM that fails up to the owner's alert", async () => {
    const bob = "+15551230002";
    for (const text of ["I have a leak, can you come tomorrow morning?", "1", "Bob Stone"])
      await stage.ask(bob, plumber.phone, text);
    await stage.ask(bob, plumber.phone, "12 Main St");
    const match = { method: "POST", path: "/events" };
    stage.google.faults.add({ kind: "fail-before", match, status: 403, code: "forbidden" });
    await stage.ask(bob, plumber.phone, "CONFIRM");
    await eventually("the alert", () => stage.received(plumber.owner).find((body) => body.includes(bob)));
    const spans = await journeyOf(bob, edges.failure);
    expect(spans.some(({ service, name }) => service === "notifier" && name === "process alert_owner")).toBe(true);
    const overKafka = spans
      .filter(({ name }) => /^(send|process) booking-failed$/.test(name))
      .map(({ service }) => service);
    expect([...new Set(overKafka)].sort()).toEqual(kafka ? ["booking", "notifier"] : []);
  });

  test("shows a booking by phone", async () => {
    const john = "+15557770001";
    const caller = createVapiCaller({
      baseUrl: stage.gatewayUrl,
      credential: { bearer: vapiSecret(clinic) },
      dialect: "vapi",
      callerNumber: john,
      calledNumber: clinic.phone,
    });
    const date = DateTime.now().setZone("America/New_York").plus({ days: 3 }).toISODate() ?? "";
    const offered = await caller.tool("check_availability", { date });
    const [slot] = offered.content.slots as { time: string }[];
    const held = await caller.tool("reserve_atomic", { slotId: slot?.time ?? "", patientName: "John Roe" });
    const holdId = String(held.content.holdId);
    await caller.tool("send_otp_code", { holdId });
    const code = await eventually(
      "the code",
      () => stage.received(john).flatMap((body) => /\b\d{4}\b/.exec(body) ?? [])[0],
    );
    const verified = await caller.tool("verify_otp", { holdId, providedOTP: code });
    expect(verified.success).toBe(true);
    await caller.tool("send_confirmation_sms", { appointmentId: verified.content.appointmentId });
    const spans = await journeyOf(john, edges.voice);
    expect(spans.filter(({ tags }) => Object.values(tags).includes(code)).map(describeSpan)).toEqual([]);
  });

  test("links a turn that answers several texts to the trace of each", async () => {
    const [from, to] = ["+15551230003", plumber.phone];
    stage.google.faults.add({ kind: "delay", delayMs: 1_500, times: 1, match: { path: "/freeBusy" } });
    for (const body of ["I have a leak, can you come tomorrow?", "hello", "in the morning"])
      await stage.twilio.sendInbound({ from, to, body });
    const cid = await cidOf(from);
    const turns = () =>
      backend.spans().filter(({ name, attributes }) => name === "process take_turn" && attributes.cid === cid);
    const linked = await eventually("a linked turn", () => turns().find(({ links }) => links.length > 0), 20_000);
    const texts = backend
      .spans()
      .filter(({ name, attributes }) => name === "POST /api/twilio/sms" && attributes.cid === cid);
    const of = new Set(texts.map(({ traceId }) => traceId));
    expect(of.size).toBe(3);
    for (const { traceId } of linked.links) expect([...of].filter((id) => id !== linked.traceId)).toContain(traceId);
  });

  test("leads from a log line to its span: cid, tenant, trace and span are in both", async () => {
    const cid = await cidOf("+15551230001");
    const lines = traced.log.flatMap(({ line }) =>
      line.includes("[BOOKING_CREATE_SUCCESS]") ? [JSON.parse(line)] : [],
    );
    const booked = lines.find((line) => line.cid === cid);
    expect(booked).toMatchObject({ tenantId: clinic.tenantId, msg: expect.stringContaining(`[CID:${cid}]`) });
    const spans = await searchByCid(backend, cid);
    expect(spans.find(({ spanId }) => spanId === booked.spanId)).toMatchObject({ traceId: booked.traceId });
  });

  test("takes no trace and no cid from outside", async () => {
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01`, baggage: "cid=chosen-outside" };
    await fetch(`${stage.gatewayUrl}/`, { headers });
    await eventually("the request's span", () => backend.spans().some(({ name }) => name === "GET /"));
    expect(backend.spans().filter((span) => span.traceId === traceId)).toEqual([]);
    expect(await searchByCid(backend, "chosen-outside")).toEqual([]);
  });
});

/** Spans whose parent nobody has sent: of a live process, not sent yet. */
function orphansIn(spans: readonly FoundSpan[]): string[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return spans.filter(({ parentId }) => parentId !== undefined && !ids.has(parentId)).map(describeSpan);
}

const describeSpan = ({ service, name, tags, logs }: FoundSpan) => `${service} ${name} ${JSON.stringify(tags)} ${logs}`;
