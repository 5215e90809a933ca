import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startWorld, type World } from "@bookproof/launcher";
import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

const root = join(import.meta.dirname, "../..");
const example = "tenants.example.yaml";
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

type Answer = { code: number; stdout: string; stderr: string };

/** Runs the command as a process, with only the environment given. */
function bookproof(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Answer> {
  const options = {
    cwd: root,
    env: { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, BOOKPROOF_DATA_DIR: join(folder, "data"), ...env },
  };
  return new Promise((resolve) => {
    execFile(process.execPath, ["cli/src/main.ts", ...args], options, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

const nowhere = { PUBLIC_URL: "http://127.0.0.1:9", BOOTSTRAP_ADMIN_TOKEN: "x".repeat(16) };

describe("what cannot be done is said in one line, with exit code 1", () => {
  test.each<[string[], NodeJS.ProcessEnv, string | RegExp]>([
    [["tenant", "list"], {}, /^Nothing runs here: start the system with `npm start`, or /],
    [
      ["tenant", "list"],
      nowhere,
      /^Nothing answers at http:\/\/127\.0\.0\.1:9: start the system with `npm start`, or /,
    ],
    [["tenant", "list"], { PUBLIC_URL: "http://127.0.0.1:9" }, "No admin token is known: set BOOTSTRAP_ADMIN_TOKEN."],
    [["tenant", "list"], { GATEWAY_PORT: "http" }, "GATEWAY_PORT must be a port"],
    [
      ["tenant", "apply", "no.yaml"],
      nowhere,
      `The tenant file ${join(root, "no.yaml")} cannot be read: there is no such file.`,
    ],
    [
      ["tenant", "apply", "no.yaml"],
      { ...nowhere, INIT_CWD: "/srv" },
      "The tenant file /srv/no.yaml cannot be read: there is no such file.",
    ],
    [["tenant", "apply", example], nowhere, /^Tenant "Smile Dental": .* SMILE_TWILIO_AUTH_TOKEN, which is not set\.$/],
    [["token", "create", "--role", "tenant_admin"], nowhere, "A tenant_admin's token needs --tenant."],
    [["token", "create"], nowhere, "required option '--role <role>' not specified"],
    [["flow"], nowhere, "Say which: --cid or --phone."],
    [
      ["flow", "--cid", "c", "--phone", "+15551230001"],
      nowhere,
      "option '--cid <cid>' cannot be used with option '--phone <number>'",
    ],
    [["resolve"], nowhere, "required option '--cid <cid>' not specified"],
    [["cure"], nowhere, "unknown command 'cure'"],
  ])("%j %j", async (args, env, line) => {
    const { code, stdout, stderr } = await bookproof(args, env);
    expect(stderr.trimEnd()).toMatch(line);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });
});

describe("against a running system", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({
      dataDir: join(folder, "data"),
      tenantsFile: join(root, example),
      env: { LOG_LEVEL: "error" },
    });
  }, 60_000);
  afterAll(() => world?.stop());

  test("applies a tenant file with the sandbox's secrets, again without harm, and lists the tenants", async () => {
    expect(await bookproof(["tenant", "apply", example])).toEqual({
      code: 0,
      stdout:
        "updated  a0000000-0000-0000-0000-000000000001  Smile Dental\n" +
        "updated  a0000000-0000-0000-0000-000000000002  Harbor Plumbing\n",
      stderr: "",
    });
    const { stdout } = await bookproof(["tenant", "list"]);
    expect(stdout.split("\n")[0]).toBe(
      "a0000000-0000-0000-0000-000000000001  +15550100001  America/New_York  Smile Dental",
    );
  });

  test("takes a tenant's secrets from the environment first", async () => {
    const file = join(folder, "one.yaml");
    writeFileSync(
      file,
      `tenants: [{ id: c0000000-0000-0000-0000-000000000003, name: New, time_zone: UTC, phone_numbers: ["+15550300001"],
        twilio: { account_sid: AC00000000000000000000000000000003, auth_token_env: NEW_TOKEN },
        calendars: [{ id: a, display_name: A, kind: builtin, working_hours: { mon: ["09:00-17:00"] } }],
        offerings: [{ id: b, name: B, duration_minutes: 30, calendars: [a] }] }]`,
    );
    expect((await bookproof(["tenant", "apply", file])).stderr).toContain("NEW_TOKEN, which is not set.");
    expect((await bookproof(["tenant", "apply", file], { NEW_TOKEN: "t" })).stdout).toMatch(/^created .* New\n$/);
  });

  test("makes a token, alone on the last line, that opens its tenant and no other", async () => {
    const tenant = world.tenants[1];
    const args = ["token", "create", "--tenant", String(tenant?.id), "--role", "tenant_admin"];
    const token = (await bookproof(args)).stdout.trimEnd().split("\n").at(-1);
    const { stdout } = await bookproof(["tenant", "list"], {
      BOOTSTRAP_ADMIN_TOKEN: token,
      PUBLIC_URL: world.gatewayUrl,
    });
    expect(stdout).toMatch(/Harbor Plumbing\n$/);
    expect(stdout).not.toContain("Smile Dental");
  });

  test("passes on the gateway's refusal", async () => {
    const unknown = await bookproof(["flow", "--cid", "00000000-0000-4000-8000-000000000000"]);
    expect(unknown).toMatchObject({ code: 1, stdout: "" });
    expect(unknown.stderr.trimEnd().split("\n")).toHaveLength(1);
    const stranger = await bookproof(["tenant", "list"], { BOOTSTRAP_ADMIN_TOKEN: "not-the-right-token" });
    expect(stranger).toMatchObject({ code: 1, stdout: "" });
  });

  test("shows what happened to a text, by phone and by cid, and resolves nothing that does not wait", async () => {
    const from = "+15550100055";
    await fetch(`${world.twilioBaseUrl}/_sim/inbound`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ from, to: "+15550100001", body: "hello" }),
    });
    const answered = /\n {2}\d\d:\d\d:\d\d\.\d{3} +\+\S+ \S+ +agent +AGENT +turn answered {2}step=/;
    const byPhone = await eventually("the timeline of an answered text", async () => {
      const { stdout } = await bookproof(["flow", "--phone", from], { FORCE_COLOR: "1" });
      return answered.test(stdout) && stdout;
    });
    expect(byPhone).toMatch(
      /^journey \S+\n {2}\w+ \d+ \w+ \d{4} \(GMT\S*\)\n {2}\d\d:\d\d:\d\d\.\d{3} {16}agent +INBOUND .*bodyLength=5/,
    );
    expect(byPhone).toMatch(
      /\n {2}outcome {2}still under way · \S+ m?s in \d+ steps\n {2}conversation .*stage=AGENT .*\n$/,
    );
    expect(byPhone).not.toContain("\u001b");
    const cid = /^journey (\S+)/.exec(byPhone)?.[1] ?? "";
    const byCid = await bookproof(["flow", "--cid", cid, "--limit", "1"]);
    expect(byCid.stdout).toContain(`journey ${cid}\n`);
    expect(byCid.stdout).toMatch(
      / in 1 step\n.*\nOnly the newest steps are shown: --limit, up to 1000, shows those before\.\n$/,
    );
    expect(await bookproof(["flow", "--cid", cid, "--limit", "0"])).toEqual({
      code: 1,
      stdout: "",
      stderr: "limit: must be a whole number from 1 to 1000.\n",
    });
    expect((await bookproof(["resolve", "--cid", cid])).stdout).toBe(
      "nothing of this journey was waiting for a human\n",
    );
  });
});
