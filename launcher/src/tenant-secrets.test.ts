import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTenantFile, type TenantFile } from "@bookproof/tenant-file";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { readSandboxSecrets, resolveTenantSecrets } from "./tenant-secrets.ts";

let dataDir = "";
let file: TenantFile;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "launcher-secrets-"));
  file = await readTenantFile(join(import.meta.dirname, "../../tenants.example.yaml"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const resolve = (env: NodeJS.ProcessEnv, settings: { SANDBOX?: boolean; TWILIO_BASE_URL?: string } = {}) =>
  resolveTenantSecrets(file, dataDir, env, settings);
const variables = ["SMILE_TWILIO_AUTH_TOKEN", "SMILE_VAPI_SECRET", "HARBOR_TWILIO_AUTH_TOKEN", "HARBOR_VAPI_SECRET"];

describe("where no Twilio is configured", () => {
  test("it is a sandbox, which makes up every secret that is not set", () => {
    const { sandbox, generated, tenants } = resolve({ SMILE_VAPI_SECRET: "set" });
    expect(sandbox).toBe(true);
    expect(Object.keys(generated)).toEqual(variables.filter((name) => name !== "SMILE_VAPI_SECRET"));
    expect(tenants[0]?.twilio.authToken).toBe(generated.SMILE_TWILIO_AUTH_TOKEN);
    expect(tenants[0]?.vapi?.secret).toBe("set");
  });

  test("the second start has the same secrets, also after one with fewer tenants", () => {
    const { generated } = resolve({});
    file.tenants.pop();
    resolve({});
    expect(readSandboxSecrets(dataDir)).toEqual(generated);
  });

  test("SANDBOX=false asks for the secrets", () => {
    expect(() => resolve({}, { SANDBOX: false })).toThrow(
      'Tenant "Smile Dental": twilio.auth_token_env names the environment variable SMILE_TWILIO_AUTH_TOKEN, which is not set.',
    );
  });
});

describe("where Twilio is configured", () => {
  test.each([
    ["one tenant's token is set", { HARBOR_TWILIO_AUTH_TOKEN: "real" }, {}],
    ["TWILIO_BASE_URL is set", {}, { TWILIO_BASE_URL: "http://127.0.0.1:1" }],
  ])("because %s, it is no sandbox and no secret is made up", (_why, env, settings) => {
    expect(() => resolve(env, settings)).toThrow("SMILE_TWILIO_AUTH_TOKEN, which is not set.");
    expect(readSandboxSecrets(dataDir)).toEqual({});
  });

  test("SANDBOX=true makes it one all the same", () => {
    const { sandbox, tenants } = resolve({ SMILE_TWILIO_AUTH_TOKEN: "real" }, { SANDBOX: true });
    expect(sandbox).toBe(true);
    expect(tenants[0]?.twilio.authToken).toBe("real");
  });

  test("all secrets set is a system without a sandbox", () => {
    const { sandbox, generated } = resolve(Object.fromEntries(variables.map((name) => [name, "real"])));
    expect({ sandbox, generated }).toEqual({ sandbox: false, generated: {} });
  });
});
