import { createGrpcClient } from "@bookproof/service";
import { HealthDefinition } from "nice-grpc-server-health";

export interface HealthProbe {
  /** Whether the service says it is serving, within a second. */
  isServing(): Promise<boolean>;
  close(): void;
}

/** Asks one service at host:port by the standard protocol `grpc.health.v1`. */
export function createHealthProbe(address: string): HealthProbe {
  const { client, close } = createGrpcClient(HealthDefinition, address);
  return {
    async isServing() {
      try {
        return (await client.check({ service: "" }, { deadline: 1_000 })).status === 1;
      } catch {
        // Whatever the failure, the answer is the same: it does not serve.
        return false;
      }
    },
    close,
  };
}
