import { startGoogleSimulator, startTwilioSimulator } from "@bookproof/simulators";
import { startTcpProxy } from "@bookproof/testing";
import { clinic, plumber, twilioToken } from "../demo/stage.ts";
import { hostOfTests } from "./locked-container.ts";

/** Twilio and Google, simulated by this process and reached by containers. */
export async function startVendors() {
  const twilio = await startTwilioSimulator({
    accounts: [
      { sid: "AC000000000000000000000000000000d1", authToken: twilioToken, phoneNumbers: [clinic.phone] },
      { sid: "AC000000000000000000000000000000d2", authToken: twilioToken, phoneNumbers: [plumber.phone] },
    ],
  });
  const google = await startGoogleSimulator();
  const [twilioDoor, googleDoor] = await Promise.all([openToContainers(twilio.url), openToContainers(google.url)]);
  return {
    twilio,
    google,
    /** What a service is told of them. */
    env: {
      TWILIO_BASE_URL: twilioDoor.url,
      GOOGLE_CALENDAR_BASE_URL: googleDoor.url,
      GOOGLE_OAUTH_BASE_URL: googleDoor.url,
      GOOGLE_OAUTH_CLIENT_ID: "demo",
      GOOGLE_OAUTH_CLIENT_SECRET: "demo",
    },
    async close() {
      await Promise.all([twilioDoor.close(), googleDoor.close()]);
      await Promise.all([twilio.close(), google.close()]);
    },
  };
}

/** Makes a server of this machine's loopback reachable from containers. */
export async function openToContainers(url: string): Promise<{ url: string; close(): Promise<void> }> {
  const { hostname: host, port } = new URL(url);
  const proxy = await startTcpProxy({ host: "0.0.0.0", upstream: () => ({ host, port: Number(port) }) });
  return { url: `http://${hostOfTests}:${proxy.port}`, close: proxy.close };
}
