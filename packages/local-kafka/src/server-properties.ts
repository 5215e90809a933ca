/** The broker is its own controller, and the only one: node 1. */
const NODE_ID = 1;

/** One id for every local broker: its clients know it by its address. */
export const CLUSTER_ID = "Ym9va3Byb29mLWxvY2FsMQ";

/** The settings of a one-node cluster on 127.0.0.1, as server.properties (https://kafka.apache.org/41/documentation.html#brokerconfigs). */
export function serverProperties(options: { logDir: string; port: number; controllerPort: number }): string {
  const { logDir, port, controllerPort } = options;
  const settings: Record<string, string | number> = {
    "process.roles": "broker,controller",
    "node.id": NODE_ID,
    "controller.quorum.voters": `${NODE_ID}@127.0.0.1:${controllerPort}`,
    "controller.listener.names": "CONTROLLER",
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "log.dirs": logDir,
    "auto.create.topics.enable": "false",
    "default.replication.factor": 1,
    "min.insync.replicas": 1,
    "offsets.topic.replication.factor": 1,
    // 50 by default, each a folder that is made when the first consumer comes.
    "offsets.topic.num.partitions": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "group.initial.rebalance.delay.ms": 0,
    "group.min.session.timeout.ms": 1_000,
    // A broker that was killed comes back only after its old session: 3.5 s instead of 6.5.
    "broker.heartbeat.interval.ms": 200,
    "broker.session.timeout.ms": 1_000,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}
