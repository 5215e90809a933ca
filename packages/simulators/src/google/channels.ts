import { createHash } from "node:crypto";
import { z } from "zod";
import type { Calendar } from "./calendars.ts";
import type { Grant } from "./oauth/tokens.ts";
import { type Notification, pushNotification } from "./push-notification.ts";
import { GoogleRefusal } from "./refusal.ts";

/** Source: https://developers.google.com/workspace/calendar/api/guides/push */
const watchSchema = z.object({
  id: z
    .string()
    .regex(/^[\w\-+/=]{1,64}$/)
    .catch(""),
  type: z.enum(["web_hook", "webhook"]).catch("web_hook"),
  address: z.string().catch(""),
  token: z.string().max(256).nullish(),
  /** Milliseconds since the epoch. */
  expiration: z.coerce.number().nullish(),
  /** Seconds. */
  params: z.object({ ttl: z.coerce.number().optional() }).nullish(),
});
const stopSchema = z.object({ id: z.string().catch(""), resourceId: z.string().catch("") });

type Channel = Omit<Notification, "state" | "messageNumber"> & { calendarId: string; owner: string; messages: number };

/** The notification channels, and what was pushed through them. */
export type Channels = {
  /** @throws GoogleRefusal 400 for a wrong id, a taken one, or an address without TLS outside this machine */
  watch(calendar: Calendar, body: unknown, grant: Grant): object;
  /** @throws GoogleRefusal 404 channelUnknown */
  stop(body: unknown, grant: Grant): void;
  /** Tells the channels of a calendar that something changed. */
  notify(calendarId: string): void;
  /** With `false` nothing is pushed any more, as when notifications get lost. */
  setDelivery(delivers: boolean): void;
  /** Everything that was to be pushed, the lost ones included, oldest first. */
  pushed(): Notification[];
  close(): void;
};

const DEFAULT_TTL_S = 7 * 24 * 3600;
const LONGEST_TTL_S = 30 * 24 * 3600;

/** No channels yet. `now` gives milliseconds since the epoch. */
export function createChannels(now: () => number): Channels {
  const channels = new Map<string, Channel>();
  const pushed: Notification[] = [];
  const closing = new AbortController();
  let delivers = true;

  function push(channel: Channel, state: Notification["state"]): void {
    channel.messages += 1;
    const { calendarId: _calendar, owner: _owner, messages: messageNumber, ...address } = channel;
    const notification = { ...address, state, messageNumber };
    pushed.push(notification);
    if (delivers) void pushNotification(notification, closing.signal);
  }

  return {
    watch(calendar, body, grant) {
      const { id, address, token, expiration, params } = watchSchema.parse(body);
      if (id === "") throw new GoogleRefusal(400, "required", "Missing or invalid channel id.");
      if (channels.has(id)) throw new GoogleRefusal(400, "channelIdNotUnique", `Channel id ${id} not unique`);
      checkAddress(address);
      const latest = now() + LONGEST_TTL_S * 1000;
      const wanted = expiration ?? now() + (params?.ttl ?? DEFAULT_TTL_S) * 1000;
      const channel: Channel = {
        ...{
          channelId: id,
          address,
          token: token ?? undefined,
          calendarId: calendar.id,
          owner: grant.account ?? grant.id,
        },
        resourceId: createHash("sha256").update(calendar.id).digest("base64url").slice(0, 27),
        resourceUri: `https://www.googleapis.com/calendar/v3/calendars/${encodeURIComponent(calendar.id)}/events?alt=json`,
        expiration: Math.min(wanted, latest),
        messages: 0,
      };
      channels.set(id, channel);
      push(channel, "sync");
      return {
        ...{ kind: "api#channel", id, resourceId: channel.resourceId, resourceUri: channel.resourceUri },
        ...(token == null ? {} : { token }),
        expiration: String(channel.expiration),
      };
    },
    stop(body, grant) {
      const { id, resourceId } = stopSchema.parse(body);
      const channel = channels.get(id);
      const owner = grant.account ?? grant.id;
      if (channel === undefined || channel.resourceId !== resourceId || channel.owner !== owner) {
        throw new GoogleRefusal(404, "channelUnknown", `Channel '${id}' not found for project 'simulated'`);
      }
      channels.delete(id);
    },
    notify(calendarId) {
      for (const channel of channels.values()) {
        if (channel.calendarId !== calendarId) continue;
        if (channel.expiration <= now()) channels.delete(channel.channelId);
        else push(channel, "exists");
      }
    },
    setDelivery(next) {
      delivers = next;
    },
    pushed: () => [...pushed],
    close: () => closing.abort(),
  };
}

/** Google pushes to valid TLS only; an address on this machine is let through for tests. */
function checkAddress(address: string): void {
  if (!URL.canParse(address)) throw new GoogleRefusal(400, "required", "Missing or invalid channel address.");
  const { protocol, hostname } = new URL(address);
  if (protocol === "https:" || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) return;
  throw new GoogleRefusal(400, "push.webhookUrlNotHttps", `WebHook callback must be HTTPS: ${address}`);
}
