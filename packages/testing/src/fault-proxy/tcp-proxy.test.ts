import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { eventually } from "../eventually.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

let heard: string[];
let server: Server;
let proxy: TcpProxy;
let clients: Socket[];

beforeEach(async () => {
  heard = [];
  clients = [];
  server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      heard.push(chunk.toString());
      socket.write(`echo ${chunk}`);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  proxy = await startTcpProxy({ upstream: () => ({ host: "127.0.0.1", port }) });
});
afterEach(async () => {
  for (const socket of clients) socket.destroy();
  await proxy.close();
  server.close();
});

/** A client of the proxy, and everything it has heard. */
async function dial() {
  const socket = connect(proxy.port, "127.0.0.1");
  clients.push(socket);
  const told: { text: string; error: string | undefined } = { text: "", error: undefined };
  socket.on("data", (chunk) => {
    told.text += chunk.toString();
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    told.error = error.code;
  });
  await once(socket, "connect");
  return { socket, told };
}

test("passes on what both sides say", async () => {
  const { socket, told } = await dial();
  socket.write("hello");
  await eventually("the echo", () => told.text === "echo hello");
});

test("cutting resets a connection, and new ones are served", async () => {
  const { socket, told } = await dial();
  socket.write("hello");
  await eventually("the echo", () => told.text !== "");
  proxy.cut();
  await eventually("the reset", () => told.error === "ECONNRESET");
  const again = await dial();
  again.socket.write("again");
  await eventually("the echo", () => again.told.text === "echo again");
});

test("cutting at the next answer lets the request through and keeps its answer", async () => {
  const { socket, told } = await dial();
  await eventually("the connection", () => proxy.connections().length === 1);
  proxy.connections()[0]?.cutAtNextAnswer();
  socket.write("pay");
  await eventually("the reset", () => told.error === "ECONNRESET");
  expect(heard).toEqual(["pay"]);
  expect(told.text).toBe("");
});

test("a frozen connection is silent in both directions until it thaws", async () => {
  const { socket, told } = await dial();
  await eventually("the connection", () => proxy.connections().length === 1);
  proxy.freeze();
  socket.write("hello");
  const other = await dial();
  other.socket.write("me too");
  await eventually("both connections", () => proxy.connections().length === 2);
  expect([heard, told.text, told.error]).toEqual([[], "", undefined]);
  proxy.thaw();
  await eventually("both echoes", () => told.text === "echo hello" && other.told.text === "echo me too");
});

test("a refusing proxy resets every new connection", async () => {
  proxy.setMode("refuse");
  await expect(dial()).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(heard).toEqual([]);
});
