import { type AttributeValue, SpanKind } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";

/** Of an address that we ask only the way is kept: queries name phone numbers. */
const addresses = new Set(["url.full", "http.url"]);
/** Where people are, and what they asked for: of an address that we are asked, `http.route` says enough. */
const dropped = new Set([
  "url.path",
  "url.query",
  "http.target",
  "client.address",
  "http.client_ip",
  "network.peer.address",
  "net.peer.ip",
  "user_agent.original",
  "http.user_agent",
  "exception.message",
  "exception.stacktrace",
]);

/** E.164, also as part of an address. */
const phone = /(?:\+|%2B)\d{7,15}\b/gi;
const email = /[^\s/@"'=&]+(?:@|%40)[^\s/@"'&?]+\.[a-z]{2,}/gi;

/** What a server's span has of the caller's headers. */
const saidByCaller = ["server.address", "server.port"];

/** Takes out of a span, before it leaves, whatever may tell about a person: errors' texts, queries, peers, phones, e-mail addresses. */
export function redactSpan(span: ReadableSpan): void {
  redactAttributes(span.attributes);
  if (span.kind === SpanKind.SERVER) for (const name of saidByCaller) delete span.attributes[name];
  for (const { attributes } of span.events) if (attributes) redactAttributes(attributes);
  // Texts of errors may quote what was asked for; the code, and the reason that gRPC names, stay.
  if (span.status.message) span.status.message = /^[A-Z_]+(?=:|$)/.exec(span.status.message)?.[0] ?? "";
}

function redactAttributes(attributes: Record<string, AttributeValue | undefined>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (dropped.has(name)) delete attributes[name];
    else if (typeof value === "string" && !isStatement(name))
      attributes[name] = redactText(addresses.has(name) ? (value.split(/[?#]/, 1)[0] ?? "") : value);
  }
}

/** Statements are our own texts: values are bound to them, and never sent along. */
const isStatement = (name: string) => name === "db.statement" || name === "db.query.text";

function redactText(text: string): string {
  return text.replace(email, "***").replace(phone, "***");
}
