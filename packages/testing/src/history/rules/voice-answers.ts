import type { VapiExchange } from "@bookproof/simulators";

/** What one request of a call was answered, in either dialect. */
export interface VoiceAnswer {
  path: string;
  /** The request's body as JSON. */
  sent: string;
  status: number;
  /** Everything that the assistant was given to say. */
  texts: string[];
  appointmentId: string | undefined;
  /** When it was answered, ms since the epoch. */
  at: number;
}

/** The answers of a call's tools. A webhook's other answers (a prompt, an assistant) say nothing of a booking. */
export function voiceAnswers(exchanges: VapiExchange[]): VoiceAnswer[] {
  return exchanges
    .filter(({ path, sent }) => path.includes("/tools/") || JSON.stringify(sent).includes('"tool-calls"'))
    .map(({ path, sent, status, answered, answeredAt }) => {
      const said: string[] = [];
      const ids: string[] = [];
      gather(answered, said, ids);
      return { path, sent: JSON.stringify(sent), status, texts: said, appointmentId: ids[0], at: answeredAt };
    });
}

const spoken = new Set(["speech", "say", "error", "message"]);

/** Walks an answer; JSON in a string (Vapi's `result`, the seed's `content`) is walked too. */
function gather(value: unknown, said: string[], ids: string[], name = ""): void {
  if (typeof value === "string") {
    const inner = /^\s*[{[]/.test(value) ? parse(value) : undefined;
    if (inner !== undefined) gather(inner, said, ids);
    else if (name === "appointmentId" && value !== "") ids.push(value);
    else if (spoken.has(name) && value !== "") said.push(value);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) gather(member, said, ids, Array.isArray(value) ? name : key);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
