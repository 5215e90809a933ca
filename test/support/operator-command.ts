import { execFile } from "node:child_process";
import { join } from "node:path";
import { adminToken } from "./in-process-world.ts";

const root = join(import.meta.dirname, "../..");

export interface CommandAnswer {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the operator's command as a process, against a gateway and with a platform owner's token. */
export function runOperatorCommand(gatewayUrl: string, args: string[], token = adminToken): Promise<CommandAnswer> {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, NODE_COMPILE_CACHE, PUBLIC_URL: gatewayUrl, BOOTSTRAP_ADMIN_TOKEN: token };
  return new Promise((resolve) => {
    execFile(process.execPath, ["cli/src/main.ts", ...args], { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}
