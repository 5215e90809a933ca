import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { playScenarios } from "./scenario.ts";
import { smsScenarios } from "./sms-scenarios.ts";
import { openStage } from "./stage.ts";
import { voiceScenarios } from "./voice-scenarios.ts";

/** `npm run demo`: plays the proofs and prints them; with `-- --write` also keeps them under docs/transcripts. */
const journeys = [
  { name: "sms", title: "The SMS journey", scenarios: smsScenarios },
  { name: "voice", title: "The voice journey", scenarios: voiceScenarios },
];
const print = (line: string) => console.log(line);

const stage = await openStage();
const failed: string[] = [];
try {
  for (const { name, title, scenarios } of journeys) {
    const head = `# ${title}, played by \`npm run demo -- --write\`\n\nReal runs of all five services; Twilio, Vapi and Google are simulators with ledgers of their own.\n`;
    print(head);
    const played = await playScenarios(stage, scenarios, print);
    failed.push(...played.failed);
    const file = fileURLToPath(new URL(`../../docs/transcripts/${name}.md`, import.meta.url));
    if (process.argv.includes("--write") && played.failed.length === 0) {
      writeFileSync(file, `${head}\n${played.transcript.trimEnd()}\n`);
    }
  }
} finally {
  await stage.close();
}
const proofs = journeys.flatMap((journey) => journey.scenarios).length;
print(failed.length === 0 ? `All ${proofs} proofs hold.` : `Does not hold: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
