import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { lockDataDir, lockFileName } from "./data-dir-lock.ts";
import { LauncherError, messageOf } from "./launcher-error.ts";

/** Everything a launcher ever puts into its data directory. */
const ours =
  /^((postgres|kafka)(\.half-made-.+)?|launcher\.lock.*|twilio-ledger\.jsonl|compile-cache|\.?(secrets-key|admin-token|(sandbox-secrets|world)\.json)(\.[0-9a-f]{8})?)$/;

/**
 * Makes the data directory where it is absent, and takes it for this process.
 * @param fresh empties it, if it holds nothing that a launcher did not put there
 * @returns gives it back
 * @throws LauncherError in one line
 */
export function openDataDir(dataDir: string, fresh: boolean): () => void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (!statSync(dataDir).isDirectory()) throw new Error("it is no folder");
    if (fresh) assertOurs(dataDir);
    const unlock = lockDataDir(dataDir);
    if (fresh) {
      // A Postgres that was just killed may still write its last files while they are removed.
      for (const name of readdirSync(dataDir))
        if (name !== lockFileName) rmSync(join(dataDir, name), { recursive: true, force: true, maxRetries: 10 });
    }
    return unlock;
  } catch (error) {
    if (error instanceof LauncherError) throw error;
    throw new LauncherError(`The data directory ${dataDir} cannot be used: ${messageOf(error)}.`, { cause: error });
  }
}

function assertOurs(dataDir: string): void {
  const foreign = readdirSync(dataDir).find((name) => !ours.test(name));
  if (foreign !== undefined)
    throw new LauncherError(
      `${dataDir} holds "${foreign}", which is not Bookproof's, so --fresh does not empty it: remove it yourself, or name another BOOKPROOF_DATA_DIR.`,
    );
}

/** A secret made at the first start and the same ever after, in a file that only its owner reads. */
export function keepSecret(path: string, generate: () => string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    const secret = generate();
    writeSecretFile(path, `${secret}\n`);
    return secret;
  }
}

/** Replaces a file (0600) at once: a reader sees the old or the new text, never a part. */
export function writeSecretFile(path: string, text: string): void {
  const half = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}`);
  writeFileSync(half, text, { mode: 0o600 });
  renameSync(half, path);
}
