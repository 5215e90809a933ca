type Running = { url: string; close(): Promise<void> };

/**
 * Runs a simulator as a process: prints one line of JSON when it listens, and stops on SIGTERM, on SIGINT, and with
 * `exitWithParent` when stdin ends, which it does however the parent dies. A failed start is one line and exit code 1.
 */
export async function runSimulator(
  name: "twilio" | "google" | "mailbox" | "traces",
  start: () => Promise<Running & { exitWithParent: boolean }>,
): Promise<void> {
  try {
    const { url, close, exitWithParent } = await start();
    const stop = (): void => {
      close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    };
    process.once("SIGTERM", stop);
    process.once("SIGINT", stop);
    if (exitWithParent) process.stdin.once("end", stop).once("error", stop).resume();
    process.stdout.write(`${JSON.stringify({ simulator: name, url })}\n`);
  } catch (error) {
    process.stderr.write(`${name} simulator: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
