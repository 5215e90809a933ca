import { createTransport } from "nodemailer";

export interface Mail {
  to: string;
  subject: string;
  text: string;
  /** Makes a repeated mail the same one to whoever receives it. */
  id?: string;
}

export interface Mailer {
  /** Resolves to the mail's id once the server took it. @throws MailError */
  send(mail: Mail): Promise<string>;
  /** Connects and signs in, and sends nothing. @throws MailError */
  verify(): Promise<void>;
  close(): void;
}

/** - `rejected`: refused for good, `code` is SMTP's; - `unknown`: anything else: it may have been sent all the same. */
export class MailError extends Error {
  readonly kind: "rejected" | "unknown";
  readonly code: number;

  constructor(kind: "rejected" | "unknown", code: number, message: string) {
    super(message);
    this.name = "MailError";
    this.kind = kind;
    this.code = code;
  }
}

/** Mail over SMTP; the sender is the URL's user, else bookproof@ its host. */
export function createMailer(smtpUrl: string, timeoutMs: number): Mailer {
  const url = new URL(smtpUrl);
  const user = decodeURIComponent(url.username);
  const from = user.includes("@") ? user : `bookproof@${url.hostname}`;
  const transport = createTransport({
    host: url.hostname,
    port: Number(url.port) || (url.protocol === "smtps:" ? 465 : 587),
    secure: url.protocol === "smtps:",
    ...(user ? { auth: { user, pass: decodeURIComponent(url.password) } } : {}),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs * 2,
  });
  return {
    async send({ id, ...mail }) {
      try {
        const messageId = id ? { messageId: `<${id}@${from.split("@").at(-1)}>` } : {};
        return (await transport.sendMail({ from, ...mail, ...messageId })).messageId;
      } catch (error) {
        throw toMailError(error);
      }
    },
    async verify() {
      try {
        await transport.verify();
      } catch (error) {
        throw toMailError(error);
      }
    },
    close: () => transport.close(),
  };
}

/**
 * Only the envelope's or the message's own refusal is for good: a wrong password, say, is put right. The server's own words are left
 * out: they name whom it refuses.
 */
function toMailError(error: unknown): MailError {
  if (!(error instanceof Error)) return new MailError("unknown", 0, "no answer of the mail server");
  const code = "responseCode" in error && typeof error.responseCode === "number" ? error.responseCode : 0;
  const step = "code" in error ? error.code : "no code";
  const isOfThisMail = step === "EENVELOPE" || step === "EMESSAGE";
  const says = code ? `the mail server answered ${code} (${step})` : `no answer of the mail server (${step})`;
  return new MailError(isOfThisMail && code >= 500 ? "rejected" : "unknown", code, says);
}
