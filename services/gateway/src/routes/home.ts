import type { FastifyInstance } from "fastify";
import type { Deps } from "../deps.ts";
import { sendPage, servePages } from "./pages.ts";

/** The page that says what runs here. */
export const homeRoutes = (deps: Deps) => async (app: FastifyInstance) => {
  const html = homePage(deps.simulator !== undefined);
  app.get("/", (_request, reply) => sendPage(reply, "index.html", html));
  servePages(app, "home", { "/home.css": "home.css" });
};

function homePage(hasSandbox: boolean): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Bookproof</title>
<link rel="stylesheet" href="/home.css">
<main>
  <h1>Bookproof is running</h1>
  <p>It books appointments by text and by phone, and never says “booked” without proof.</p>
  <ul>
    ${hasSandbox ? '<li><a href="/sandbox">Sandbox phones</a>: text a business and watch what its owner gets</li>' : ""}
    <li><a href="/readyz">Readiness</a>: whether everything behind it answers</li>
    <li><a href="/api/health">Health</a></li>
  </ul>
</main>
</html>
`;
}
