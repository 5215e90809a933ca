import { resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { readConfig } from "./config.ts";
import { readSettings } from "./world-options.ts";

const read = (env: NodeJS.ProcessEnv, args: string[] = []) => readConfig(env, args, false);

describe("what npm start is told", () => {
  test("nothing is needed: data in .bookproof, port 8080, the example's tenants", () => {
    expect(read({}).world).toEqual({
      dataDir: resolve(".bookproof"),
      tenantsFile: resolve(import.meta.dirname, "../../tenants.example.yaml"),
      gatewayPort: 8080,
      fresh: false,
      kafka: false,
      env: {},
    });
  });

  test("the environment goes on to the services, without npm's own variables", () => {
    const { world, underNpm } = read({ LOG_LEVEL: "warn", npm_lifecycle_event: "start", INIT_CWD: "/", PATH: "/bin" });
    expect(world.env).toEqual({ LOG_LEVEL: "warn", PATH: "/bin" });
    expect(underNpm).toBe(true);
  });

  test("colours are for terminals, and not where NO_COLOR is set", () => {
    expect(readConfig({}, [], true).colours).toBe(true);
    expect(readConfig({ NO_COLOR: "1" }, [], true).colours).toBe(false);
    expect(readConfig({}, [], false).colours).toBe(false);
  });

  test("--fresh and --kafka are the only arguments", () => {
    expect(read({}, ["--fresh"]).world).toMatchObject({ fresh: true, kafka: false });
    expect(read({}, ["--kafka", "--fresh"]).world).toMatchObject({ fresh: true, kafka: true });
    expect(() => read({}, ["--clean"])).toThrow(
      "npm start takes no argument but `-- --fresh` and `-- --kafka`, and was given --clean",
    );
  });

  test.each([["eighty"], ["-1"], ["65536"]])("GATEWAY_PORT=%s is refused by name", (port) => {
    expect(() => read({ GATEWAY_PORT: port })).toThrow("GATEWAY_PORT must be a port, 0 to 65535");
  });

  test.each([
    ["DATABASE_URL", "mysql://x", "DATABASE_URL must be a postgres:// URL"],
    ["SECRETS_KEY", "c2hvcnQ=", "SECRETS_KEY must be 32 bytes in base64"],
    ["BOOTSTRAP_ADMIN_TOKEN", "short", "BOOTSTRAP_ADMIN_TOKEN must be 16 to 200 letters, digits or ._~-"],
    ["PUBLIC_URL", "example.com", "PUBLIC_URL must be an http:// or https:// URL"],
    ["TWILIO_BASE_URL", "ftp://x", "TWILIO_BASE_URL must be an http:// or https:// URL"],
    ["KAFKA_BROKERS", "kafka", "KAFKA_BROKERS must be host:port, several separated by commas"],
    ["SANDBOX", "yes", "SANDBOX must be true or false"],
  ])("%s=%s is refused by name", (name, value, message) => {
    expect(() => readSettings({ [name]: value })).toThrow(message);
  });
});
