import type { Form } from "./form.ts";
import { TwilioRefusal } from "./refusal.ts";

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 1000;

/** Cuts one page out of `items` and wraps it as Twilio's list answers. `url` is the request's path with its query. */
export function pageOf(key: string, items: object[], query: Form, url: string): object {
  const size = Math.min(readCount(query, "PageSize") ?? DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE) || DEFAULT_PAGE_SIZE;
  const page = readCount(query, "Page") ?? 0;
  const start = page * size;
  const shown = items.slice(start, start + size);
  return {
    [key]: shown,
    end: Math.max(start + shown.length - 1, 0),
    first_page_uri: pageUri(url, 0, size),
    next_page_uri: start + size < items.length ? pageUri(url, page + 1, size) : null,
    page,
    page_size: size,
    previous_page_uri: page > 0 ? pageUri(url, page - 1, size) : null,
    start,
    uri: url,
  };
}

function readCount(query: Form, name: string): number | undefined {
  const text = query.one(name);
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new TwilioRefusal(400, 20001, `Invalid ${name}`);
  return Number(text);
}

function pageUri(url: string, page: number, size: number): string {
  const [path, query] = url.split("?");
  const parameters = new URLSearchParams(query);
  parameters.set("PageSize", String(size));
  parameters.set("Page", String(page));
  return `${path}?${parameters}`;
}
