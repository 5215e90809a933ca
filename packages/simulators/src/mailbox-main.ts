import { readMailboxConfig } from "./config.ts";
import { startMailbox } from "./mailbox/start-mailbox.ts";
import { runSimulator } from "./run-simulator.ts";

await runSimulator("mailbox", async () => {
  const { mailbox, exitWithParent } = readMailboxConfig();
  return { ...(await startMailbox(mailbox)), exitWithParent };
});
