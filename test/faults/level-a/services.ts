import * as agent from "../../support/services/agent.ts";
import * as booking from "../../support/services/booking.ts";
import * as calendar from "../../support/services/calendar.ts";
import * as gateway from "../../support/services/gateway.ts";
import * as notifier from "../../support/services/notifier.ts";

/** The five services, in the order in which they start. */
export const services = { calendar, booking, notifier, agent, gateway };
export type ServiceName = keyof typeof services;
export const serviceNames = Object.keys(services) as ServiceName[];

/** A change of each service's configuration. */
export type AdjustConfig = {
  [Name in ServiceName]: NonNullable<Parameters<(typeof services)[Name]["create"]>[1]>;
};

/** Starts a service's server; it listens when this resolves. @returns the server and its address, host:port. */
export async function startService(
  name: ServiceName,
  env: NodeJS.ProcessEnv,
  options: { adjust: AdjustConfig; watch: (deps: object) => void },
) {
  const { adjust, watch } = options;
  const create = {
    calendar: () => calendar.create(env, adjust.calendar, watch),
    booking: () => booking.create(env, adjust.booking, watch),
    notifier: () => notifier.create(env, adjust.notifier, watch),
    agent: () => agent.create(env, adjust.agent, watch),
    gateway: () => gateway.create(env, adjust.gateway, watch),
  }[name];
  const server = await create();
  return { server, address: await server.start() };
}
