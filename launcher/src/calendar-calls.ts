import { z } from "zod";

const instant = z.iso.datetime().transform((text) => new Date(text));
const blockSchema = z.object({
  id: z.string(),
  calendarId: z.string(),
  from: instant,
  to: instant,
  reason: z.string(),
});
const newBlockSchema = blockSchema.extend({
  appointments: z.array(z.object({ appointmentId: z.string(), from: instant, to: instant, summary: z.string() })),
});

/** A time of a built-in calendar that takes no bookings. */
type BlockedTime = z.infer<typeof blockSchema>;
/** One that was just blocked, with the appointments that lie in it and stay. */
type NewBlock = z.infer<typeof newBlockSchema>;

type Call = <T>(method: string, path: string, answer: z.ZodType<T>, options?: { body?: unknown }) => Promise<T>;

const blocks = "/api/calendars/blocks";
const feeds = "/api/calendars/feeds";

/** The calls of the admin API for built-in calendars; `call` makes one, and throws AdminApiError. */
export const calendarCalls = (call: Call) => ({
  /** Makes a calendar's link, which is not shown again. @param feed.replace ends the link that it has; else that is a refusal (409) */
  createCalendarFeed: async (feed: { tenantId: string; calendarId: string; replace: boolean }): Promise<string> =>
    (await call("POST", feeds, z.object({ url: z.string() }), { body: feed })).url,
  /** Ends a calendar's link. @returns whether it had one */
  revokeCalendarFeed: async (calendar: { tenantId: string; calendarId: string }): Promise<boolean> =>
    (await call("DELETE", `${feeds}?${new URLSearchParams(calendar)}`, z.object({ revoked: z.boolean() }))).revoked,
  blockTime: (block: {
    tenantId: string;
    calendarId: string;
    from: Date;
    to: Date;
    reason: string;
  }): Promise<NewBlock> => call("POST", blocks, newBlockSchema, { body: block }),
  /** The blocked times that are not over, ascending. @param of.calendarId of all calendars where it is left out */
  listBlockedTimes: async (of: { tenantId: string; calendarId?: string }): Promise<BlockedTime[]> =>
    (await call("GET", `${blocks}?${new URLSearchParams(of)}`, z.object({ blocks: z.array(blockSchema) }))).blocks,
  unblockTime: async ({ tenantId, id }: { tenantId: string; id: string }): Promise<void> => {
    const path = `${blocks}/${encodeURIComponent(id)}?${new URLSearchParams({ tenantId })}`;
    await call("DELETE", path, z.object({ unblocked: z.literal(true) }));
  },
});
