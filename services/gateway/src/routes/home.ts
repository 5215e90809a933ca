import type { FastifyInstance } from "fastify";
import type { Deps } from "../deps.ts";
import { servePages } from "./pages.ts";

/** The page that says what runs here. */
export const homeRoutes = (deps: Deps) => async (app: FastifyInstance) => {
  servePages(app, "home", { "/": deps.simulator ? "with-sandbox.html" : "index.html", "/home.css": "home.css" });
};
