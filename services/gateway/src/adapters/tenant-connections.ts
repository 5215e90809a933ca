import { BookproofError } from "@bookproof/errors";
import type { BookingServiceDefinition, TenantConnection } from "@bookproof/proto/booking";
import type { GrpcClient, Logger } from "@bookproof/service";
import { runApart } from "@bookproof/telemetry";

const refreshMs = 10_000;
const retryMs = 1_000;
/** Strangers' numbers cannot make us ask booking more often than this. */
const urgentMs = 1_000;
const pageSize = 500;

/** What the edge knows of the tenants. It never expires: texts must be taken in while booking and Postgres are away. */
export interface TenantConnections {
  /**
   * The tenant of a business number (E.164). An unknown number is looked up once more, at most once a second.
   * @throws BookproofError `unavailable` when it is unknown and booking could not be asked.
   */
  byNumber(number: string): Promise<TenantConnection | undefined>;
  /** The tenant of a business number as far as it is known, without asking anybody. */
  knownByNumber(number: string): TenantConnection | undefined;
  /** The tenants that use a Twilio account. */
  byAccount(accountSid: string): TenantConnection[];
  /** All of them; the same array until something is read again. */
  all(): readonly TenantConnection[];
  /** Reads everything again, at most once a second: for what is unknown and may be new. */
  lookAgain(): Promise<void>;
  /** False until booking answered for the first time. */
  isLoaded(): boolean;
  /** Reads everything again, beginning no earlier than now; a failure is logged and keeps what is known. */
  refresh(): Promise<void>;
  start(): void;
  stop(): void;
}

export function createTenantConnections(options: {
  booking: Pick<GrpcClient<BookingServiceDefinition>, "listConnections">;
  logger: Logger;
}): TenantConnections {
  const { booking, logger } = options;
  let connections: TenantConnection[] = [];
  let byNumber = new Map<string, TenantConnection>();
  let loaded = false;
  let fresh = false;
  let loading: Promise<void> | undefined;
  let lastUrgent = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function load(): Promise<void> {
    try {
      connections = await readAllPages(booking);
      byNumber = new Map(connections.flatMap((one) => one.phoneNumbers.map((number) => [number, one])));
      if (!loaded) logger.info({ tenants: connections.length }, "[TENANTS_LOADED] the tenants' connections are known");
      loaded = true;
      fresh = true;
    } catch (error) {
      fresh = false;
      logger.warn({ err: error }, "[TENANTS_NOT_REFRESHED] booking could not be asked; what is known is kept");
    }
  }

  /** Joins a load under way. */
  function loadOnce(): Promise<void> {
    loading ??= runApart(load).finally(() => {
      loading = undefined;
    });
    return loading;
  }

  async function loadAndSchedule(): Promise<void> {
    await loadOnce();
    if (!stopped) timer = setTimeout(loadAndSchedule, fresh ? refreshMs : retryMs).unref();
  }

  async function lookAgain(): Promise<void> {
    if (performance.now() - lastUrgent < urgentMs) return loading;
    lastUrgent = performance.now();
    await loadOnce();
  }

  return {
    async byNumber(number) {
      const known = byNumber.get(number);
      if (known) return known;
      await lookAgain();
      const found = byNumber.get(number);
      if (!found && !fresh) throw new BookproofError("unavailable");
      return found;
    },
    knownByNumber: (number) => byNumber.get(number),
    byAccount: (accountSid) => connections.filter((one) => one.twilio?.accountSid === accountSid),
    all: () => connections,
    lookAgain,
    isLoaded: () => loaded,
    async refresh() {
      await loading;
      await loadOnce();
    },
    start() {
      void loadAndSchedule();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

async function readAllPages(
  booking: Pick<GrpcClient<BookingServiceDefinition>, "listConnections">,
): Promise<TenantConnection[]> {
  const all: TenantConnection[] = [];
  while (true) {
    const afterId = all.at(-1)?.tenantId ?? "";
    const { connections } = await booking.listConnections({ afterId, limit: pageSize }, { deadline: 3_000 });
    if (connections.length === 0) return all;
    all.push(...connections);
  }
}
