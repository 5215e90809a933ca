import { createApp } from "../../../services/gateway/src/app.ts";
import { readConfig } from "../../../services/gateway/src/config.ts";
import { createDeps } from "../../../services/gateway/src/deps.ts";

export interface Route {
  method: string;
  /** As it was declared, e.g. `/api/debug/sms-flow/:cid`. */
  url: string;
}

const nobody = "127.0.0.1:1";

/** Every route of the gateway, the sandbox's included, as its Fastify app declares them. Nothing is connected to. */
export async function gatewayRoutes(): Promise<Route[]> {
  const deps = createDeps(
    readConfig({
      DATABASE_URL: `postgres://${nobody}/none`,
      SANDBOX: "true",
      TWILIO_BASE_URL: `http://${nobody}`,
      AGENT_ADDR: nobody,
      BOOKING_ADDR: nobody,
      CALENDAR_ADDR: nobody,
      NOTIFIER_ADDR: nobody,
    }),
  );
  const app = createApp(deps);
  const routes: Route[] = [];
  // The app's own routes are registered when it becomes ready.
  app.addHook("onRoute", ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, url });
  });
  await app.ready();
  await app.close();
  await deps.close();
  return routes;
}
