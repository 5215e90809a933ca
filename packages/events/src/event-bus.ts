import type { BookingEvent } from "@bookproof/proto/events";
import type { NotifierServiceDefinition } from "@bookproof/proto/notifier";
import type { GrpcClient } from "@bookproof/service";

/** Carries business events to the notifier. */
export interface EventBus {
  /** Resolves once the event is durable at its receiver; throws otherwise, and the caller's job tries again. */
  publish(event: BookingEvent): Promise<void>;
  close(): Promise<void>;
}

/** The bus where there is no broker: a direct call, acknowledged when the notifier has stored what follows from the event. */
export function directBus(notifier: GrpcClient<NotifierServiceDefinition>): EventBus {
  return {
    publish: async (event) => {
      await notifier.handleEvent({ event });
    },
    close: async () => undefined,
  };
}
