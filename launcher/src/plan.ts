import { findFreePorts } from "@bookproof/local-postgres";
import type { ServiceName } from "./service-names.ts";
import type { WorldSettings } from "./world-options.ts";

export type Addresses = Record<ServiceName, string>;

/** Where everything will listen. Decided once: a restarted service keeps its port. */
export type Plan = {
  /** host:port. */
  addresses: Addresses;
  gatewayPort: number;
  gatewayUrl: string;
  publicUrl: string;
  /** Only where phones are simulated. */
  simulatorPort: number | undefined;
  twilioBaseUrl: string | undefined;
  /** Only where mail is simulated: a sandbox without SMTP_URL. */
  mailbox: { port: number; smtpPort: number } | undefined;
};

/** @param gatewayPort 0 takes a free one */
export async function planWorld(gatewayPort: number, settings: WorldSettings, sandbox: boolean): Promise<Plan> {
  const [free = 0, agent, booking, calendar, notifier, simulator = 0, mails = 0, smtpPort = 0] = await findFreePorts(8);
  const port = gatewayPort || free;
  const simulatorPort = sandbox && settings.TWILIO_BASE_URL === undefined ? simulator : undefined;
  return {
    addresses: {
      gateway: `127.0.0.1:${port}`,
      agent: `127.0.0.1:${agent}`,
      booking: `127.0.0.1:${booking}`,
      calendar: `127.0.0.1:${calendar}`,
      notifier: `127.0.0.1:${notifier}`,
    },
    gatewayPort: port,
    gatewayUrl: `http://127.0.0.1:${port}`,
    publicUrl: settings.PUBLIC_URL ?? `http://localhost:${port}`,
    simulatorPort,
    twilioBaseUrl: simulatorPort === undefined ? settings.TWILIO_BASE_URL : `http://127.0.0.1:${simulatorPort}`,
    mailbox: sandbox && settings.SMTP_URL === undefined ? { port: mails, smtpPort } : undefined,
  };
}
