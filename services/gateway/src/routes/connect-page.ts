import type { FastifyReply } from "fastify";

/** Our own stylesheet and nothing else; nobody may frame it, and nothing in it runs. */
const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Sends a page of one sentence to somebody's browser; title and sentence may hold anything. */
export function sendConnectPage(reply: FastifyReply, page: { title: string; says: string }): FastifyReply {
  const title = escapeHtml(page.title);
  return reply
    .type("text/html; charset=utf-8")
    .header("content-security-policy", contentSecurityPolicy)
    .send(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="stylesheet" href="/home.css">
<main>
  <h1>${title}</h1>
  <p>${escapeHtml(page.says)}</p>
</main>
</html>
`);
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
