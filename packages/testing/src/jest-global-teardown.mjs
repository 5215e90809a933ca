export default async function tearDown() {
  await globalThis.bookproofTestServer.stop();
}
