import { checkHistory, type HistoryReport, historyTenant, readHistory } from "@bookproof/testing";
import { times } from "./short-times.ts";
import type { Story } from "./story.ts";
import type { SeedTenant } from "./tenant-of-seed.ts";

/** Healthy time an attempt may take on top of its deadline, shortened as the deadline is. */
export const graceMs = 12_000;

/** Reads what the vendors and our tables hold of a story's tenant, and checks it against the invariants. */
export async function judge(
  { world, tenant, voice }: Story,
  others: SeedTenant[],
  healedAt: number,
): Promise<HistoryReport> {
  const source = {
    databaseUrl: world.database.url,
    twilioUrl: world.twilio.url,
    googleUrl: world.google.url,
    mailboxUrl: world.mailbox.url,
  };
  const history = await readHistory(source, { tenant: historyTenant(tenant.request), voice });
  const neighbours = others.map(({ request }) => historyTenant(request));
  return checkHistory(
    { ...history, others: neighbours },
    {
      healedAt,
      attemptDeadlineMs: times.attemptDeadlineMs,
      graceMs,
      lostSlotMs: times.lostSlotAlertMs,
      cuts: world.pauses(),
    },
  );
}
