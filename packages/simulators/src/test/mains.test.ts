import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { readGoogleConfig, readMailboxConfig, readTwilioConfig } from "../config.ts";

function run(main: string, env: Record<string, string>): ChildProcess {
  const path = fileURLToPath(new URL(`../${main}`, import.meta.url));
  return spawn(process.execPath, [path], { env, stdio: ["pipe", "pipe", "pipe"] });
}

async function firstLine(stream: ChildProcess["stdout"]): Promise<string> {
  let text = "";
  for await (const chunk of stream ?? []) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  return text.split("\n")[0] ?? "";
}

describe("the simulators as processes", () => {
  test.each([
    ["twilio", "/_sim/messages"],
    ["google", "/_sim/events"],
    ["mailbox", "/_sim/mails"],
  ])("%s prints its URL, answers, and stops on SIGTERM", async (name, path) => {
    const child = run(`${name}-main.ts`, {});
    const exited = once(child, "exit");
    const line: { simulator: string; url: string } = JSON.parse(await firstLine(child.stdout));
    expect(line).toEqual({ simulator: name, url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
    expect((await fetch(`${line.url}${path}`)).status).toBe(200);
    child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
  });

  test("stops when its parent's end of stdin closes, if told to", async () => {
    const child = run("twilio-main.ts", { EXIT_WITH_PARENT: "true" });
    const exited = once(child, "exit");
    await firstLine(child.stdout);
    child.stdin?.end();
    expect(await exited).toEqual([0, null]);
  });

  test("a wrong setting ends the start with one line that names it", async () => {
    const child = run("twilio-main.ts", { TWILIO_SIM_ACCOUNTS: "[{]" });
    const exited = once(child, "exit");
    expect(await firstLine(child.stderr)).toBe("twilio simulator: TWILIO_SIM_ACCOUNTS: is not JSON");
    expect(await exited).toEqual([1, null]);
  });
});

describe("settings", () => {
  test("reads accounts, webhook and ledger file", () => {
    const account = { sid: "AC1", authToken: "t", phoneNumbers: ["+15550100001"] };
    const env = {
      PORT: "8090",
      TWILIO_SIM_ACCOUNTS: JSON.stringify([account]),
      TWILIO_SIM_WEBHOOK_URL: "http://localhost:8080/api/twilio/sms",
      LEDGER_FILE: "ledger.jsonl",
    };
    expect(readTwilioConfig(env)).toEqual({
      exitWithParent: false,
      simulator: {
        port: 8090,
        accounts: [account],
        webhookUrl: env.TWILIO_SIM_WEBHOOK_URL,
        ledgerFile: "ledger.jsonl",
      },
    });
  });
  test("an absent list of calendars means that any exists", () => {
    expect(readGoogleConfig({ EXIT_WITH_PARENT: "true" })).toEqual({ exitWithParent: true, simulator: { port: 0 } });
    expect(readGoogleConfig({ GOOGLE_SIM_CALENDARS: '["a"]' }).simulator.calendars).toEqual(["a"]);
  });
  test("reads Google's registered applications and what people answer at the consent page", () => {
    const oauthClients = [{ id: "client", redirectUris: ["http://localhost:8080/connect"] }];
    const env = { GOOGLE_SIM_OAUTH_CLIENTS: JSON.stringify(oauthClients), GOOGLE_SIM_CONSENT: '{"answer":"ask"}' };
    const consent = { answer: "ask", account: "owner@example.com" };
    expect(readGoogleConfig(env).simulator).toEqual({ port: 0, oauthClients, consent });
  });
  test("the mailbox has a port for mail and one for looking into it", () => {
    const mailbox = { port: 8091, smtpPort: 2525 };
    expect(readMailboxConfig({ PORT: "8091", SMTP_PORT: "2525" })).toEqual({ exitWithParent: false, mailbox });
  });
});
