import type { Stage } from "./stage.ts";

/** One proof: what it shows, and the steps that show it. A step that does not hold throws. */
export interface Scenario {
  letter: string;
  title: string;
  play(stage: Stage, say: Say): Promise<void>;
}

/** Writes the transcript, a line at a time. */
export interface Say {
  /** A text between two phones. */
  text(from: string, to: string, body: string): void;
  /** Something seen outside the phones: a row, an HTTP answer. */
  fact(text: string): void;
  /** The journey's cid: its log lines are printed with the transcript. */
  cid(cid: string): void;
}

/** Plays the scenarios one after another and gives each one's transcript as Markdown. */
export async function playScenarios(
  stage: Stage,
  scenarios: Scenario[],
  print: (line: string) => void,
): Promise<{ transcript: string; failed: string[] }> {
  const lines: string[] = [];
  const failed: string[] = [];
  const write = (line: string) => {
    lines.push(line);
    print(line);
  };
  for (const scenario of scenarios) {
    const cids = new Set<string>();
    const logBefore = stage.log.length;
    write(`## (${scenario.letter}) ${scenario.title}`);
    write("");
    write("```");
    const say: Say = {
      text: (from, to, body) =>
        write(`${from} -> ${to}  ${body.replaceAll("\n", `\n${" ".repeat(from.length + to.length + 6)}`)}`),
      fact: (text) => write(`· ${text}`),
      cid: (cid) => cids.add(cid),
    };
    try {
      await scenario.play(stage, say);
      for (const line of stage.log.slice(logBefore)) write(`log ${line.level.padEnd(5)} ${line.text}`);
      write(`cid ${[...cids].join(", ") || "-"}`);
      write("✔ holds");
    } catch (error) {
      failed.push(scenario.letter);
      write(`✘ does not hold: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      stage.google.faults.clear();
      stage.twilio.faults.clear();
    }
    write("```");
    write("");
  }
  return { transcript: lines.join("\n"), failed };
}
