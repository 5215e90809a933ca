import { createTransport } from "nodemailer";

export interface Mailer {
  /** Resolves to the mail's id once the server took it; throws otherwise. */
  send(mail: { to: string; subject: string; text: string }): Promise<string>;
  close(): void;
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
    async send(mail) {
      const { messageId } = await transport.sendMail({ from, ...mail });
      return messageId;
    },
    close: () => transport.close(),
  };
}
