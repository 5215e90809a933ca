import { CalendarServiceDefinition } from "@bookproof/proto/calendar";
import { createGrpcServer, type RunningServer } from "@bookproof/service";
import type { Deps } from "./deps.ts";
import { acknowledgeChanges } from "./rpc/acknowledge-changes.ts";
import { applyCalendars } from "./rpc/apply-calendars.ts";
import { beginConnect } from "./rpc/begin-connect.ts";
import { blockTime } from "./rpc/block-time.ts";
import { createConnectLink } from "./rpc/create-connect-link.ts";
import { createFeed } from "./rpc/create-feed.ts";
import { deleteEvent } from "./rpc/delete-event.ts";
import { deleteFeed } from "./rpc/delete-feed.ts";
import { diagnose } from "./rpc/diagnose.ts";
import { finishConnect } from "./rpc/finish-connect.ts";
import { getAvailability } from "./rpc/get-availability.ts";
import { getEvent } from "./rpc/get-event.ts";
import { insertEvent } from "./rpc/insert-event.ts";
import { listBlockedTimes } from "./rpc/list-blocked-times.ts";
import { listCalendarConnections } from "./rpc/list-calendar-connections.ts";
import { listOwnEvents } from "./rpc/list-own-events.ts";
import { patchEvent } from "./rpc/patch-event.ts";
import { readFeed } from "./rpc/read-feed.ts";
import { takeChanges } from "./rpc/take-changes.ts";
import { unblockTime } from "./rpc/unblock-time.ts";
import { observeAge } from "./sync/observe-age.ts";
import { type Poller, startPoller } from "./sync/start-poller.ts";

/** The calendar service: its gRPC server, and who keeps calendars at Google known here. */
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
      listOwnEvents: listOwnEvents(deps),
      takeChanges: takeChanges(deps),
      acknowledgeChanges: acknowledgeChanges(deps),
      diagnose: diagnose(deps),
      listCalendarConnections: listCalendarConnections(deps),
      createConnectLink: createConnectLink(deps),
      beginConnect: beginConnect(deps),
      finishConnect: finishConnect(deps),
      blockTime: blockTime(deps),
      listBlockedTimes: listBlockedTimes(deps),
      unblockTime: unblockTime(deps),
      createFeed: createFeed(deps),
      deleteFeed: deleteFeed(deps),
      readFeed: readFeed(deps),
    },
  });
  let poller: Poller | undefined;
  let endObserving: (() => void) | undefined;
  return {
    async start() {
      const port = await server.listen(config.listenAddr);
      poller = startPoller(deps);
      endObserving = observeAge(deps);
      return config.listenAddr.replace(/:\d+$/, `:${port}`);
    },
    async stop() {
      endObserving?.();
      await Promise.all([server.stop(), poller?.stop()]);
      await deps.close();
    },
  };
}
