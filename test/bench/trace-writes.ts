import { startTraceBackend, type TraceSpan } from "@bookproof/simulators";
import { eventually } from "@bookproof/testing";
import { clinic, openStage } from "../demo/stage.ts";

const texts = ["book me tomorrow morning", "1", "Jane Roe", "CONFIRM"];

/**
 * What part of a turn's time, from the text's arrival to Twilio's acceptance of the answer, goes into writing trace rows. Both are read
 * from the turn's own spans, so that a slow machine slows both.
 * @returns one ratio a round, each over a whole booking by text
 */
export async function measureTraceWrites(rounds: number): Promise<number[]> {
  const backend = await startTraceBackend();
  const stage = await openStage({
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: backend.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_BSP_SCHEDULE_DELAY: "200",
      LOG_LEVEL: "warn",
    },
  });
  try {
    const ratios: number[] = [];
    // The first round warms up: connections, plans and code are made in it.
    for (let round = 0; round <= rounds; round++) {
      backend.clear();
      const customer = `+1555123${String(1_000 + round)}`;
      for (const text of texts) await stage.ask(customer, clinic.phone, text);
      const ratio = ratioOf(await eventually("the turns' spans", () => answeredTurns(backend.spans()), 30_000));
      if (round > 0) ratios.push(ratio);
    }
    return ratios;
  } finally {
    await stage.close();
    await backend.close();
  }
}

/** The spans of every turn, once the delivery of each answer is among them. */
function answeredTurns(spans: readonly TraceSpan[]): TraceSpan[][] | undefined {
  const traces = [...Map.groupBy(spans, ({ traceId }) => traceId).values()];
  const turns = traces.filter((trace) => trace.some(({ name }) => name === "POST /api/twilio/sms"));
  const answered = turns.filter((trace) => trace.some(({ name }) => name === "process deliver_message"));
  return answered.length === texts.length ? answered : undefined;
}

function ratioOf(turns: readonly TraceSpan[][]): number {
  const took = turns.map((spans) => {
    const begun = Math.min(...spans.map((span) => Number(span.startTimeUnixNano)));
    const delivered = spans.filter(({ name }) => name === "process deliver_message");
    return Math.max(...delivered.map((span) => Number(span.endTimeUnixNano))) - begun;
  });
  const wrote = turns.flat().filter(isTraceWrite).map(durationOf);
  return sum(wrote) / sum(took);
}

const isTraceWrite = ({ attributes }: TraceSpan) =>
  String(attributes["db.query.text"]).includes("trace.write_sms_flow");
const durationOf = (span: TraceSpan) => Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano));
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
