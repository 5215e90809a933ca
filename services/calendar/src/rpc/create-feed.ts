import { BookproofError } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { CreateFeedRequest, CreateFeedResponse } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { upsertFeed } from "../queries/feeds.ts";
import { findCalendar } from "./find-calendar.ts";
import { calendarId, sha256, tenantId } from "./request-fields.ts";

const schema = z.object({ tenantId, calendarId, tokenSha256: sha256, replace: z.boolean() });

/** Makes the link of a built-in calendar. @throws BookproofError `calendar_feed_exists` where it has one that is not to be replaced. */
export const createFeed =
  (deps: Deps) =>
  async (request: CreateFeedRequest): Promise<CreateFeedResponse> => {
    const feed = parseRequest(schema, request);
    const calendar = await findCalendar(deps, feed.tenantId, feed.calendarId);
    if (calendar.retired) throw new BookproofError("calendar_not_found");
    if (calendar.source.kind === "google")
      throw new BookproofError(
        "calendar_not_builtin",
        'This calendar is at Google, which has a link of its own: "Secret address in iCal format" in its settings.',
      );
    const made = await withTenant(deps.pool, feed.tenantId, (client) => upsertFeed(client, feed));
    if (!made) throw new BookproofError("calendar_feed_exists");
    return {};
  };
