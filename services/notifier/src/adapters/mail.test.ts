import { expect, test } from "@jest/globals";
import { startMailbox } from "../test/mailbox.ts";
import { createMailer } from "./mail.ts";

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
  const mailbox = await startMailbox();
  const mailer = createMailer(mailbox.url, 2_000);
  const refused = mailer.send({ ...mail, to: "nobody@example.com" });
  await expect(refused).rejects.toMatchObject({ kind: "rejected", code: 550 });
  mailer.close();
  mailbox.close();
});
