import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { createTransport } from "nodemailer";
import { type Mailbox, startMailbox } from "../../mailbox/start-mailbox.ts";

let mailbox: Mailbox;
beforeEach(async () => {
  mailbox = await startMailbox({ now: () => 7 });
});
afterEach(() => mailbox.close());

const from = "bookproof@example.com";
async function send(mail: { to: string; subject?: string; text?: string }, url = mailbox.smtpUrl): Promise<void> {
  const transport = createTransport(url);
  await transport.sendMail({ from, ...mail });
  transport.close();
}

test("keeps each mail for each of its recipients, with its text as it was written", async () => {
  const text = `Your code is 0042 — zahlen: äöü 📅\n\nLine that is long: ${"x".repeat(200)}`;
  await send({ to: "Ann@example.com, bob@example.com", subject: "Your code 📅", text });
  const mail = { from, subject: "Your code 📅", text, receivedAt: 7 };
  expect(mailbox.messages()).toEqual([
    { ...mail, to: "Ann@example.com" },
    { ...mail, to: "bob@example.com" },
  ]);
  expect(mailbox.messages("ANN@example.com")).toHaveLength(1);
  expect(mailbox.messages("eve@example.com")).toEqual([]);
});

test("shows its mails over HTTP, all or one recipient's", async () => {
  await send({ to: "ann@example.com", text: "one" });
  await send({ to: "bob@example.com", text: "two" });
  const read = async (query: string) => (await fetch(`${mailbox.url}/_sim/mails${query}`)).json();
  expect(await read("")).toEqual({ mails: mailbox.messages() });
  expect(await read("?to=bob%40example.com")).toMatchObject({ mails: [{ to: "bob@example.com", text: "two" }] });
});

test("takes any user and password", async () => {
  await send({ to: "ann@example.com", text: "hi" }, mailbox.smtpUrl.replace("//", "//user:secret@"));
  expect(mailbox.messages("ann@example.com")).toHaveLength(1);
});

test("refuses a recipient it was told to refuse, and keeps nothing of the mail", async () => {
  mailbox.refuse("gone@example.com");
  await expect(send({ to: "gone@example.com", text: "hi" })).rejects.toThrow(/550/);
  expect(mailbox.messages()).toEqual([]);
});
