import { serverUrlVariable, startTestServer } from "./test-server.ts";

export default async function setUp() {
  const server = await startTestServer();
  process.env[serverUrlVariable] = server.url;
  globalThis.bookproofTestServer = server;
}
