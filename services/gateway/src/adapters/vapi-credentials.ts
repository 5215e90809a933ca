import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { TenantConnection } from "@bookproof/proto/booking";

/** How far a signature's timestamp may be from our clock. */
const toleranceMs = 5 * 60_000;
/** Below it a timestamp is in seconds: as milliseconds it would lie in 1973. */
const firstMilliseconds = 100_000_000_000;

/** A request as its credential is checked: the signature is over the bytes that were sent. */
export interface CredentialedRequest {
  headers: IncomingHttpHeaders;
  rawBody: Buffer;
}

export interface VapiCredentials {
  /**
   * The tenants whose credential the request carries: `Authorization: Bearer <secret>`, `X-Vapi-Secret: <secret>`, or
   * an HMAC in `x-signature` and `x-timestamp`. Empty: the credential is wrong or missing.
   */
  ownersOf(request: CredentialedRequest): TenantConnection[];
}

interface Index {
  of: readonly TenantConnection[];
  /** By SHA-256, so that looking up takes the same time whatever was sent, and how much of it was right. */
  bySecret: Map<string, TenantConnection[]>;
  byHmacSecret: Map<string, TenantConnection[]>;
}

/**
 * @param connections what is known of the tenants; indexed anew when it is another array
 * @param now milliseconds since the epoch
 */
export function createVapiCredentials(
  connections: () => readonly TenantConnection[],
  now: () => number = Date.now,
): VapiCredentials {
  let index = indexOf([]);
  return {
    ownersOf({ headers, rawBody }) {
      const known = connections();
      if (known !== index.of) index = indexOf(known);
      for (const secret of secretsIn(headers)) {
        const owners = index.bySecret.get(sha256(secret));
        if (owners) return owners;
      }
      const signed = readSignature(headers, now());
      if (!signed) return [];
      for (const [secret, owners] of index.byHmacSecret) {
        const expected = createHmac("sha256", secret).update(`${signed.timestamp}.`).update(rawBody).digest();
        if (timingSafeEqual(expected, signed.signature)) return owners;
      }
      return [];
    },
  };
}

function indexOf(connections: readonly TenantConnection[]): Index {
  const index: Index = { of: connections, bySecret: new Map(), byHmacSecret: new Map() };
  const add = (map: Map<string, TenantConnection[]>, key: string, tenant: TenantConnection) =>
    map.set(key, [...(map.get(key) ?? []), tenant]);
  for (const tenant of connections) {
    // Without a secret there is nothing a request could prove.
    if (tenant.vapi?.secret) add(index.bySecret, sha256(tenant.vapi.secret), tenant);
    if (tenant.vapi?.hmacSecret) add(index.byHmacSecret, tenant.vapi.hmacSecret, tenant);
  }
  return index;
}

function secretsIn(headers: IncomingHttpHeaders): string[] {
  const legacy = headers["x-vapi-secret"];
  return [
    /^Bearer +(\S.*)$/i.exec(headers.authorization ?? "")?.[1],
    typeof legacy === "string" ? legacy.replace(/^Bearer +/i, "") : undefined,
  ].flatMap((secret) => secret?.trim() || []);
}

/** @returns undefined unless both headers are well-formed and the timestamp (seconds or milliseconds) is of these minutes */
function readSignature(headers: IncomingHttpHeaders, now: number) {
  const { "x-signature": sent, "x-timestamp": timestamp } = headers;
  if (typeof sent !== "string" || typeof timestamp !== "string" || !/^\d{1,16}$/.test(timestamp)) return undefined;
  const hex = /^(?:sha256=)?([\da-f]{64})$/i.exec(sent.trim())?.[1];
  const time = Number(timestamp);
  const sentAt = time < firstMilliseconds ? time * 1_000 : time;
  if (!hex || Math.abs(now - sentAt) > toleranceMs) return undefined;
  return { timestamp, signature: Buffer.from(hex, "hex") };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
