import { BookproofError } from "@bookproof/errors";
import { withTenant, withTransaction } from "@bookproof/postgres";
import type { ReadFeedRequest, ReadFeedResponse } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { selectFeedByHash, selectFeedEntries } from "../queries/feeds.ts";
import { findCalendar } from "./find-calendar.ts";
import { pageLimit, sha256 } from "./request-fields.ts";

const dayMs = 24 * 60 * 60_000;
const daysBack = 30;
const daysAhead = 400;

const schema = z.object({ tokenSha256: sha256, afterId: z.string(), limit: pageLimit });

/**
 * What the holder of a link sees of a built-in calendar, a retired one included: its appointments stand.
 * @throws BookproofError `calendar_feed_not_found` for a link that never was, was ended, or whose calendar moved to Google
 */
export const readFeed =
  (deps: Deps) =>
  async (request: ReadFeedRequest): Promise<ReadFeedResponse> => {
    const { tokenSha256, ...page } = parseRequest(schema, request);
    const feed = await withTransaction(deps.pool, (client) => selectFeedByHash(client, tokenSha256));
    if (!feed) throw new BookproofError("calendar_feed_not_found");
    const { tenantId, calendarId } = feed;
    const calendar = await findCalendar(deps, tenantId, calendarId);
    if (calendar.source.kind !== "builtin") throw new BookproofError("calendar_feed_not_found");
    const now = deps.now();
    const range = { from: new Date(now - daysBack * dayMs), to: new Date(now + daysAhead * dayMs) };
    const entries = await withTenant(deps.pool, tenantId, (client) =>
      selectFeedEntries(client, tenantId, calendarId, { ...page, range }),
    );
    return {
      calendarName: calendar.displayName,
      entries: entries.map(({ from, to, ...entry }) => ({ ...entry, range: { from, to } })),
    };
  };
