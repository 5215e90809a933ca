import { serverUrlVariable, startTestServer } from "./test-server.ts";

export default async function setUp() {
  const server = await startTestServer({ maxConnections: 1_000 });
  process.env[serverUrlVariable] = server.url;
  globalThis.bookproofTestServer = server;
}
