import { CalendarServiceDefinition } from "@bookproof/proto/calendar";
import { createGrpcServer, type RunningServer } from "@bookproof/service";
import type { Deps } from "./deps.ts";
import { applyCalendars } from "./rpc/apply-calendars.ts";
import { deleteEvent } from "./rpc/delete-event.ts";
import { diagnose } from "./rpc/diagnose.ts";
import { getAvailability } from "./rpc/get-availability.ts";
import { getEvent } from "./rpc/get-event.ts";
import { insertEvent } from "./rpc/insert-event.ts";
import { patchEvent } from "./rpc/patch-event.ts";

/** The calendar service: its gRPC server. */
export function createServer(deps: Deps): RunningServer {
  const { config, logger } = deps;
  const server = createGrpcServer({
    definition: CalendarServiceDefinition,
    logger,
    limits: config.inFlight,
    classes: { insertEvent: "confirm", patchEvent: "confirm", getEvent: "confirm", deleteEvent: "confirm" },
    implementation: {
      applyCalendars: applyCalendars(deps),
      getAvailability: getAvailability(deps),
      insertEvent: insertEvent(deps),
      patchEvent: patchEvent(deps),
      getEvent: getEvent(deps),
      deleteEvent: deleteEvent(deps),
      diagnose: diagnose(deps),
    },
  });
  return {
    async start() {
      const port = await server.listen(config.listenAddr);
      return config.listenAddr.replace(/:\d+$/, `:${port}`);
    },
    async stop() {
      await server.stop();
      await deps.close();
    },
  };
}
