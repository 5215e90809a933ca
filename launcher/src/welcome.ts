import type { World } from "./world.ts";

/** What is printed when the system is ready. */
export function welcome(world: World, seconds: number): string {
  const { publicUrl, sandbox, tenants } = world;
  const width = Math.max(...tenants.map((tenant) => tenant.name.length));
  const secrets = Object.entries(world.generatedSecrets);
  return [
    "",
    `Bookproof is ready in ${seconds.toFixed(1)} s.`,
    "",
    `  Console   ${publicUrl}/?token=${world.adminToken}`,
    ...(sandbox ? [`  Phones    ${publicUrl}/sandbox`] : []),
    ...(world.mailboxUrl ? [`  Mails     ${world.mailboxUrl}/_sim/mails`] : []),
    ...(world.kafka ? [`  Kafka     ${world.kafka.brokers}`] : []),
    `  Health    ${publicUrl}/readyz`,
    "",
    ...tenants.map(({ name, phoneNumbers }) => `  ${name.padEnd(width)}   ${phoneNumbers.join(", ")}`),
    "",
    ...(secrets.length > 0
      ? ["Secrets made up for this sandbox:", ...secrets.map(([name, value]) => `  ${name}=${value}`), ""]
      : []),
    "Ctrl-C stops everything; the data stays. `npm start -- --fresh` starts empty.",
    "",
  ].join("\n");
}
