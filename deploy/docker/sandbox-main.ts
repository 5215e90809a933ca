import { connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream";

// The simulated Twilio listens on the loopback alone, where no stranger reaches it. In a container that is nobody at all: here it is
// opened, at PORT of all interfaces.
const { env } = process;
const port = Number(env.PORT);
const innerPort = port === 65_535 ? port - 1 : port + 1;
env.PORT = String(innerPort);
await import("../../packages/simulators/src/twilio-main.ts");

const forward = (from: Socket, to: Socket) => void pipeline(from, to, () => undefined);
createServer({ allowHalfOpen: true, noDelay: true }, (outer) => {
  const inner = connect({ port: innerPort, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  forward(outer, inner);
  forward(inner, outer);
}).listen(port);
