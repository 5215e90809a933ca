import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import { z } from "zod";
import { CONTROL_PREFIX } from "../faults/install-faults.ts";
import { createServer, listenLocally } from "../http/create-server.ts";

export type MailboxOptions = {
  /** Of the control side, `GET /_sim/mails`; 0, the default, takes a free one. */
  port?: number;
  /** 0, the default, takes a free one. */
  smtpPort?: number;
  /** Milliseconds since the epoch. */
  now?: () => number;
};

/** A mail as one recipient has it. */
export type MailEntry = {
  /** Of the envelope, as `to`. */
  from: string;
  to: string;
  subject: string;
  text: string;
  /** Milliseconds since the epoch. */
  receivedAt: number;
};

export type Mailbox = {
  /** Of the control side. */
  url: string;
  /** For `SMTP_URL`. */
  smtpUrl: string;
  /** What came, oldest first; for one address, any case, where it is given. */
  messages(to?: string): MailEntry[];
  /** Answers this recipient with 550 from now on. */
  refuse(to: string): void;
  close(): Promise<void>;
};

const host = "127.0.0.1";
const querySchema = z.object({ to: z.string().optional() });

/** Starts an SMTP server on 127.0.0.1 that takes every mail and keeps it in memory: no address is unknown, no password wrong. */
export async function startMailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const { now = Date.now } = options;
  const entries: MailEntry[] = [];
  const refused = new Set<string>();
  const messages = (to?: string) =>
    entries.filter((entry) => to === undefined || entry.to.toLowerCase() === to.toLowerCase());

  const smtp = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    // Without it clients would switch to a certificate that nobody trusts.
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? "" }),
    onRcptTo: ({ address }, _session, done) =>
      done(refused.has(address.toLowerCase()) ? Object.assign(new Error("no such box"), { responseCode: 550 }) : null),
    onData(stream, { envelope }, done) {
      const keep = async () => {
        const { subject = "", text = "" } = await PostalMime.parse(await buffer(stream));
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        for (const { address } of envelope.rcptTo)
          entries.push({ from, to: address, subject, text: text.trimEnd(), receivedAt: now() });
      };
      keep().then(() => done(), done);
    },
  });
  // A client that is cut off takes nothing else with it.
  smtp.on("error", () => {});
  await new Promise<void>((resolve, reject) => {
    smtp.server.once("error", reject);
    smtp.listen(options.smtpPort ?? 0, host, resolve);
  });

  const app = await createServer();
  app.get(`${CONTROL_PREFIX}mails`, async (request) => ({ mails: messages(querySchema.parse(request.query).to) }));
  const url = await listenLocally(app, options.port ?? 0);
  return {
    url,
    smtpUrl: `smtp://${host}:${(smtp.server.address() as AddressInfo).port}`,
    messages,
    refuse: (to) => {
      refused.add(to.toLowerCase());
    },
    async close() {
      await Promise.all([app.close(), new Promise<void>((resolve) => smtp.close(resolve))]);
    },
  };
}
