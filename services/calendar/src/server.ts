import { CalendarServiceDefinition } from "@bookproof/proto/calendar";
import { createGrpcServer, type RunningServer } from "@bookproof/service";
import type { Deps } from "./deps.ts";
import { applyCalendars } from "./rpc/apply-calendars.ts";
import { blockTime } from "./rpc/block-time.ts";
import { createFeed } from "./rpc/create-feed.ts";
import { deleteEvent } from "./rpc/delete-event.ts";
import { deleteFeed } from "./rpc/delete-feed.ts";
import { diagnose } from "./rpc/diagnose.ts";
import { getAvailability } from "./rpc/get-availability.ts";
import { getEvent } from "./rpc/get-event.ts";
import { insertEvent } from "./rpc/insert-event.ts";
import { listBlockedTimes } from "./rpc/list-blocked-times.ts";
import { readFeed } from "./rpc/read-feed.ts";
import { unblockTime } from "./rpc/unblock-time.ts";

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
      blockTime: blockTime(deps),
      listBlockedTimes: listBlockedTimes(deps),
      unblockTime: unblockTime(deps),
      createFeed: createFeed(deps),
      deleteFeed: deleteFeed(deps),
      readFeed: readFeed(deps),
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
