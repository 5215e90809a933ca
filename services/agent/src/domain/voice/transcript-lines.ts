const speaker = /^\s*(ai|assistant|bot|agent|user|customer|caller|human)\s*:\s*/i;
const ours = new Set(["ai", "assistant", "bot", "agent"]);

/**
 * A call's transcript by speaker, one entry a line ("AI: …", "User: …"; a line without a speaker goes on with the one
 * before). Words that nobody is named for are the assistant's: where it is unclear, claims are looked for.
 */
export function transcriptLines(transcript: string): { assistant: string[]; caller: string[] } {
  const lines = { assistant: [] as string[], caller: [] as string[] };
  let current = lines.assistant;
  for (const line of transcript.split("\n")) {
    const named = speaker.exec(line);
    if (named?.[1]) current = ours.has(named[1].toLowerCase()) ? lines.assistant : lines.caller;
    const said = line.slice(named?.[0].length ?? 0).trim();
    if (said) current.push(said);
  }
  return lines;
}
