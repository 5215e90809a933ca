import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { playScenarios } from "./scenario.ts";
import { smsScenarios } from "./sms-scenarios.ts";
import { openStage } from "./stage.ts";

/** `npm run demo`: plays the proofs and prints them; with `-- --write` also keeps them under docs/transcripts. */
const head =
  "# The SMS journey, played by `npm run demo -- --write`\n\nReal runs of all five services; Twilio and Google are simulators with ledgers of their own.\n";
const file = fileURLToPath(new URL("../../docs/transcripts/sms.md", import.meta.url));

console.log(head);
const stage = await openStage();
const { transcript, failed } = await playScenarios(stage, smsScenarios, (line) => console.log(line)).finally(() =>
  stage.close(),
);
if (process.argv.includes("--write") && failed.length === 0) writeFileSync(file, `${head}\n${transcript.trimEnd()}\n`);
console.log(failed.length === 0 ? `All ${smsScenarios.length} proofs hold.` : `Does not hold: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
