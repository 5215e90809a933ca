import { person, phones, secrets } from "./people.ts";

export interface Request {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/** What browsers and proxies say of who asks, on every request. */
const aboutTheCaller = {
  "user-agent": `${person.name}'s telephone`,
  referer: `https://pomegranate.test/?phone=${encodeURIComponent(phones.misformed)}`,
  cookie: `name=${encodeURIComponent(person.name)}; token=${secrets.adminToken}`,
  "x-forwarded-for": person.email,
  "x-forwarded-host": "zaphirandra-quellworth.test",
  forwarded: `for=${person.email};host=quellworth.test`,
  baggage: `cid=${encodeURIComponent(person.name)}`,
  tracestate: `name=${phones.misformed.slice(1)}`,
};

/** An event stream never ends by itself. */
const patienceMs = 30_000;
const streamMs = 1_000;
const atOnce = 8;

/** Sends requests, several at once. @returns their statuses, in order; 0 where the answer did not end in time */
export async function sendAll(baseUrl: string, requests: readonly Request[]): Promise<number[]> {
  const statuses: number[] = [];
  const waiting = [...requests.entries()];
  const sendOneByOne = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) statuses[next[0]] = await send(baseUrl, next[1]);
  };
  await Promise.all(Array.from({ length: atOnce }, sendOneByOne));
  return statuses;
}

export async function send(baseUrl: string, { method, path, headers, body }: Request): Promise<number> {
  const answer = await fetch(`${baseUrl}${path}`, {
    method,
    headers: { ...aboutTheCaller, ...headers },
    body: body ?? null,
    redirect: "manual",
    signal: AbortSignal.timeout(path.endsWith("/stream") ? streamMs : patienceMs),
  }).catch(() => undefined);
  await answer?.arrayBuffer().catch(() => undefined);
  return answer?.status ?? 0;
}

export const json = (body: unknown, headers: Record<string, string> = {}) => ({
  headers: { "content-type": "application/json", ...headers },
  body: typeof body === "string" ? body : JSON.stringify(body),
});

export const form = (fields: Record<string, string>, headers: Record<string, string> = {}) => ({
  headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  body: new URLSearchParams(fields).toString(),
});

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
