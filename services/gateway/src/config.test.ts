import { describe, expect, test } from "@jest/globals";
import { readConfig } from "./config.ts";

const database = { DATABASE_URL: "postgres://localhost/bookproof" };

describe("the gateway's environment", () => {
  test("needs only a database", () => {
    const config = readConfig(database);
    expect(config).toMatchObject({ port: 8080, publicUrl: "http://localhost:8080", sandboxSimulatorUrl: undefined });
  });

  test("names the public URL after the port, unless it is given", () => {
    expect(readConfig({ ...database, GATEWAY_PORT: "9000" }).publicUrl).toBe("http://localhost:9000");
    expect(readConfig({ ...database, PUBLIC_URL: "https://book.example/" }).publicUrl).toBe("https://book.example");
  });

  test.each([
    [{ GATEWAY_PORT: "http" }, "GATEWAY_PORT must be a port number"],
    [{ GATEWAY_PORT: "70000" }, "GATEWAY_PORT must be a port number"],
    [{ PUBLIC_URL: "book.example" }, "PUBLIC_URL must be an http:// or https:// URL"],
    [{ BOOTSTRAP_ADMIN_TOKEN: "short" }, "BOOTSTRAP_ADMIN_TOKEN must have at least 16 characters"],
    [{ SANDBOX: "yes" }, "SANDBOX must be true or false"],
    [{ SANDBOX: "true" }, "TWILIO_BASE_URL must name the simulator when SANDBOX is true"],
  ])("%j stops the start with a line that names it", (wrong, message) => {
    expect(() => readConfig({ ...database, ...wrong })).toThrow(message);
  });
});
