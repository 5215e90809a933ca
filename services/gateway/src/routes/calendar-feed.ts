import { createHash } from "node:crypto";
import { BookproofError } from "@bookproof/errors";
import type { FeedEntry } from "@bookproof/proto/calendar";
import type { FastifyInstance } from "fastify";
import type { Deps } from "../deps.ts";
import { type CalendarEntry, calendarText } from "../domain/calendar-text.ts";
import { hashToken } from "./authenticate.ts";

const pageSize = 1_000;

/** A calendar as iCalendar text, for whoever has its link. */
export const calendarFeedRoute = (deps: Deps) => async (app: FastifyInstance) => {
  app.get<{ Params: { token: string } }>("/api/calendars/:token.ics", async (request, reply) => {
    reply.header("cache-control", "private, no-cache");
    const { name, entries } = await readWholeFeed(deps, hashToken(request.params.token));
    const text = calendarText(name, entries);
    const etag = `"${createHash("sha256").update(text).digest("base64url")}"`;
    reply.header("etag", etag);
    if (names(request.headers["if-none-match"], etag)) return reply.code(304).send();
    return reply
      .type("text/calendar; charset=utf-8")
      .header("content-disposition", 'inline; filename="calendar.ics"')
      .send(text);
  });
};

async function readWholeFeed(deps: Deps, tokenSha256: string): Promise<{ name: string; entries: CalendarEntry[] }> {
  const all: FeedEntry[] = [];
  while (true) {
    const afterId = all.at(-1)?.id ?? "";
    const { calendarName, entries } = await deps.calendar.readFeed({ tokenSha256, afterId, limit: pageSize });
    all.push(...entries);
    if (entries.length < pageSize) return { name: calendarName, entries: all.map(toEntry).sort(byTime) };
  }
}

const byTime = (a: CalendarEntry, b: CalendarEntry) => a.from.getTime() - b.from.getTime() || (a.id < b.id ? -1 : 1);

function toEntry({ range, createdAt, updatedAt, ...entry }: FeedEntry): CalendarEntry {
  if (!range?.from || !range.to || !createdAt || !updatedAt)
    throw new BookproofError("internal", "The calendar service sent an entry without its times.");
  return { ...entry, from: range.from, to: range.to, createdAt, updatedAt };
}

/** Whether If-None-Match names an entity tag, compared weakly (RFC 9110, 13.1.2). */
function names(header: string | undefined, etag: string): boolean {
  const tags = (header ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(etag);
}
