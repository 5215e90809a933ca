import { lchown, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** The user and group a server runs as, by number. */
export type ServerAccount = { uid: number; gid: number };

/**
 * Who must run the server: `undefined` for a plain user (it runs as itself), else, since Postgres refuses root, the
 * owner of the existing cluster, or `nobody`.
 *
 * Throws when this process is root and the machine has no way to run the server as somebody else, or
 * when the directory belongs to another plain user (Postgres accepts its owner only).
 */
export async function chooseServerAccount(dataDir: string): Promise<ServerAccount | undefined> {
  const self = process.getuid?.();
  if (self !== 0) {
    const owner = (await stat(dataDir).catch(() => undefined))?.uid;
    if (owner === self || owner === undefined) return undefined;
    throw new Error(`${dataDir} belongs to user ${owner}, not to this one (${self}): start as its owner, or as root.`);
  }
  if (process.platform !== "linux") throw new Error("Postgres refuses to run as root: start as a plain user.");
  const cluster = await stat(join(dataDir, "PG_VERSION")).catch(() => undefined);
  if (cluster !== undefined && cluster.uid !== 0) return { uid: cluster.uid, gid: cluster.gid };
  return await readNobody();
}

async function readNobody(): Promise<ServerAccount> {
  const passwd = await readFile("/etc/passwd", "utf8");
  const [, , uid, gid] = passwd.match(/^nobody:.*$/m)?.[0].split(":") ?? [];
  if (uid === undefined || gid === undefined) {
    throw new Error("Postgres refuses to run as root, and /etc/passwd names no user nobody to run it as.");
  }
  return { uid: Number(uid), gid: Number(gid) };
}

/** Gives a cluster that root copied (and so owns) back to the account; any other cluster is left alone. */
export async function adoptCluster(dataDir: string, account: ServerAccount): Promise<void> {
  if ((await stat(dataDir)).uid === 0) await chownTree(dataDir, account);
}

async function chownTree(path: string, account: ServerAccount): Promise<void> {
  await lchown(path, account.uid, account.gid);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) await chownTree(child, account);
    else await lchown(child, account.uid, account.gid);
  }
}
