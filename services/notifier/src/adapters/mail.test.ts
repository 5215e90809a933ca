import { createServer, type Socket } from "node:net";
import { expect, test } from "@jest/globals";
import { createMailer } from "./mail.ts";

/** Takes one mail by RFC 5321 and keeps its lines; `refuse` answers the recipient with 550. */
async function startMailbox(refuse = false) {
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let inData = false;
    socket.write("220 mailbox\r\n");
    socket.on("data", (chunk) => {
      for (const line of chunk.toString().split("\r\n").slice(0, -1)) {
        lines.push(line);
        if (inData && line !== ".") continue;
        if (line === "DATA") socket.write("354 go on\r\n");
        else socket.write(refuse && line.startsWith("RCPT") ? "550 no such box\r\n" : "250 ok\r\n");
        inData = line === "DATA";
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `smtp://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    lines,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const mail = { to: "owner@example.com", subject: "Bookproof: booking FAILED", text: "Please contact them." };

test("hands a mail to the SMTP server", async () => {
  const mailbox = await startMailbox();
  const mailer = createMailer(mailbox.url, 2_000);
  expect(await mailer.send(mail)).toMatch(/@/);
  expect(mailbox.lines).toContain("RCPT TO:<owner@example.com>");
  expect(mailbox.lines).toContain("Subject: Bookproof: booking FAILED");
  mailer.close();
  mailbox.close();
});

test("throws when the server refuses the recipient", async () => {
  const mailbox = await startMailbox(true);
  const mailer = createMailer(mailbox.url, 2_000);
  await expect(mailer.send(mail)).rejects.toThrow(/550/);
  mailer.close();
  mailbox.close();
});
