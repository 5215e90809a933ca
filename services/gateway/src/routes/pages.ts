import { readFileSync } from "node:fs";
import { extname } from "node:path";
import type { FastifyInstance, FastifyReply } from "fastify";

const contentTypes: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};

/** Nothing but our own files, and nobody may frame them. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Sends one file of a page under its policy; its name tells the content type. */
export function sendPage(reply: FastifyReply, file: string, content: string): FastifyReply {
  return reply
    .type(contentTypes[extname(file)] ?? "text/plain")
    .headers({ "content-security-policy": contentSecurityPolicy, "cache-control": "no-cache" })
    .send(content);
}

/** Serves files of a folder of this service, each at its URL; they are read once, now. */
export function servePages(app: FastifyInstance, folder: string, files: Record<string, string>): void {
  for (const [url, file] of Object.entries(files)) {
    const content = readFileSync(new URL(`../../${folder}/${file}`, import.meta.url), "utf8");
    app.get(url, (_request, reply) => sendPage(reply, file, content));
  }
}
