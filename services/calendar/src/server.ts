import { CalendarServiceDefinition } from "@bookproof/proto/calendar";
import { createGrpcServer, type RunningServer } from "@bookproof/service";
import type { Deps } from "./deps.ts";
import { applyCalendars } from "./rpc/apply-calendars.ts";
import { beginConnect } from "./rpc/begin-connect.ts";
import { createConnectLink } from "./rpc/create-connect-link.ts";
import { deleteEvent } from "./rpc/delete-event.ts";
import { diagnose } from "./rpc/diagnose.ts";
import { finishConnect } from "./rpc/finish-connect.ts";
import { getAvailability } from "./rpc/get-availability.ts";
import { getEvent } from "./rpc/get-event.ts";
import { insertEvent } from "./rpc/insert-event.ts";
import { listCalendarConnections } from "./rpc/list-calendar-connections.ts";

/** The calendar service: its gRPC server. */
export function createServer(deps: Deps): RunningServer {
  const { config, logger } = deps;
  const server = createGrpcServer({
    definition: CalendarServiceDefinition,
    logger,
    limits: config.inFlight,
    classes: { insertEvent: "confirm", getEvent: "confirm", deleteEvent: "confirm" },
    implementation: {
      applyCalendars: applyCalendars(deps),
      getAvailability: getAvailability(deps),
      insertEvent: insertEvent(deps),
      getEvent: getEvent(deps),
      deleteEvent: deleteEvent(deps),
      diagnose: diagnose(deps),
      listCalendarConnections: listCalendarConnections(deps),
      createConnectLink: createConnectLink(deps),
      beginConnect: beginConnect(deps),
      finishConnect: finishConnect(deps),
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
