import { execFile } from "node:child_process";
import { promisify } from "node:util";

const LOWEST_MAJOR = 17;

/**
 * Makes sure that `java` is one that Kafka 4 runs on.
 * Throws one sentence when it is missing or older than 17.
 */
export async function assertJava(java: string): Promise<void> {
  const advice = "install Java 17 or newer (on Debian: apt-get install openjdk-17-jre-headless)";
  const answer = await promisify(execFile)(java, ["-version"]).catch((error: NodeJS.ErrnoException) => {
    const what = error.code === "ENOENT" ? `there is no ${java}` : `${java} does not run`;
    throw new Error(`Kafka needs Java, and ${what}: ${advice}.`, { cause: error });
  });
  // Written to standard error: `openjdk version "17.0.15" 2025-04-15`; up to Java 8 it was "1.8.0_402".
  const [, major = "0"] = /version "(\d+)/.exec(answer.stderr) ?? [];
  if (Number(major) < LOWEST_MAJOR)
    throw new Error(
      `Kafka needs Java ${LOWEST_MAJOR}, and ${java} is ${major === "1" ? "Java 8 or older" : `Java ${major}`}: ${advice}.`,
    );
}
