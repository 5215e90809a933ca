import type { ReadableStream } from "node:stream/web";
import { BookproofError } from "@bookproof/errors";
import { z } from "zod";

const timeoutMs = 20_000;

const message = z
  .object({
    sid: z.string(),
    direction: z.string(),
    from: z.string().nullable(),
    to: z.string(),
    body: z.string(),
    status: z.string(),
    errorCode: z.number().nullable(),
    acceptedAt: z.number(),
  })
  .transform((entry) => ({ kind: "text" as const, ...entry, from: entry.from ?? "" }));

const call = z
  .object({
    sid: z.string(),
    from: z.string(),
    to: z.string(),
    twiml: z.string().nullable(),
    status: z.string(),
    acceptedAt: z.number(),
  })
  .transform(({ twiml, ...entry }) => ({
    kind: "call" as const,
    direction: "outbound-api",
    errorCode: null,
    body: (twiml ?? "").replace(/<[^>]*>/g, " ").trim(),
    ...entry,
  }));

/** A text or a call that the simulator keeps; `acceptedAt` in milliseconds since the epoch. */
export type SimulatedMessage = z.output<typeof message> | z.output<typeof call>;

const posted = z.object({ messageSid: z.string(), status: z.number().nullable() });

/** The control side (`/_sim/`) of the Twilio simulator, which the sandbox phones stand on. */
export interface TwilioSimulator {
  /** Everything from or to one of these numbers (E.164), oldest first. */
  messages(numbers: ReadonlySet<string>): Promise<SimulatedMessage[]>;
  /** Sends a customer's text as Twilio would; `status` is our webhook's answer. */
  sendText(text: { from: string; to: string; body: string }): Promise<z.output<typeof posted>>;
  /** Its server-sent events, until the signal ends them. */
  events(signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** @throws BookproofError in every method: `unavailable` when the simulator does not answer, `invalid_argument` with its own words when it refuses. */
export function createTwilioSimulator(baseUrl: string): TwilioSimulator {
  const request = async (path: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(`${baseUrl}/_sim/${path}`, init).catch((error: unknown) => {
      throw new BookproofError("unavailable", undefined, { cause: error });
    });
    if (response.ok) return response;
    const refusal = z.object({ message: z.string() }).safeParse(await response.json().catch(() => undefined));
    if (response.status >= 500 || !refusal.success) throw new BookproofError("unavailable");
    throw new BookproofError("invalid_argument", refusal.data.message);
  };
  const json = async (path: string, init: RequestInit = {}): Promise<unknown> =>
    (await request(path, { ...init, signal: AbortSignal.timeout(timeoutMs) })).json();

  return {
    async messages(numbers) {
      const [texts, calls] = await Promise.all([json("messages"), json("calls")]);
      const all: SimulatedMessage[] = [
        ...z.object({ messages: z.array(message) }).parse(texts).messages,
        ...z.object({ calls: z.array(call) }).parse(calls).calls,
      ];
      return all
        .filter((entry) => numbers.has(entry.from) || numbers.has(entry.to))
        .sort((a, b) => a.acceptedAt - b.acceptedAt);
    },
    async sendText(text) {
      const headers = { "content-type": "application/json" };
      return posted.parse(await json("inbound", { method: "POST", headers, body: JSON.stringify(text) }));
    },
    async events(signal) {
      const { body } = await request("events", { signal });
      if (!body) throw new BookproofError("unavailable");
      return body;
    },
  };
}
