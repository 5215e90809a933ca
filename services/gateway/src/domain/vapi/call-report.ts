import { z } from "zod";

/** Characters of the longest text, the transcript, and of what only describes the call. */
const maxTranscript = 200_000;
const maxDescription = 50_000;
const maxReason = 200;

/** NULs are dropped, since no Postgres text can hold them. */
const textUpTo = (length: number) =>
  z
    .string()
    .transform((value) => value.replaceAll("\0", "").trim().slice(0, length))
    .catch("");
const text = textUpTo(maxTranscript);
const description = textUpTo(maxDescription);
/** Vapi's codes are words joined by dots and dashes, some with an HTTP status in it; what is none may say who called, and is left out. */
const endedReason = textUpTo(maxReason).transform((text) => (/^[a-z]+([.-]([a-z]+|\d{3}))*$/.test(text) ? text : ""));
const link = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .catch("");
/** RFC 3339 or milliseconds since the epoch. */
const moment = z
  .union([z.string(), z.number()])
  .transform((value) => new Date(value))
  .pipe(z.date().min(new Date("2000-01-01")).max(new Date("2100-01-01")))
  .optional()
  .catch(undefined);
const seconds = z.number().nonnegative().max(86_400).optional().catch(undefined);

const turn = z.object({ role: text, message: text, content: text, time: moment }).catch({
  role: "",
  message: "",
  content: "",
  time: undefined,
});
const turns = z.array(turn).catch([]);

const recording = z
  .object({ stereoUrl: link, mono: z.object({ combinedUrl: link }).catch({ combinedUrl: "" }) })
  .catch({ stereoUrl: "", mono: { combinedUrl: "" } });
const noArtifact = {
  transcript: "",
  messages: [],
  recordingUrl: "",
  stereoRecordingUrl: "",
  recording: recording.parse({}),
};
const artifact = z
  .object({ transcript: text, messages: turns, recordingUrl: link, stereoRecordingUrl: link, recording })
  .catch(noArtifact);

/** Older reports have at the top what newer ones have in `artifact` and `analysis`. */
const report = z.object({
  endedReason,
  startedAt: moment,
  endedAt: moment,
  timestamp: moment,
  durationSeconds: seconds,
  transcript: text,
  recordingUrl: link,
  summary: description,
  messages: turns,
  artifact,
  analysis: z
    .object({ summary: description, structuredData: z.unknown().optional() })
    .catch({ summary: "", structuredData: undefined }),
  call: z.object({ startedAt: moment, endedAt: moment, endedReason }).catch({
    startedAt: undefined,
    endedAt: undefined,
    endedReason: "",
  }),
});

/** How a call went; "" where the report does not say. */
export interface CallReport {
  endedReason: string;
  startedAt: Date | undefined;
  endedAt: Date;
  transcript: string;
  recordingUrl: string;
  summary: string;
  structuredDataJson: string;
}

/** Reads Vapi's `end-of-call-report`. It has no duration of its own: start and end are worked out from what there is. */
export function readCallReport(message: unknown, receivedAt: Date): CallReport {
  const read = report.parse(message);
  const spoken = read.artifact.messages.length > 0 ? read.artifact.messages : read.messages;
  const lasted = (read.durationSeconds ?? 0) * 1_000;
  const began = read.startedAt ?? read.call.startedAt ?? spoken.find((one) => one.time)?.time;
  const ended =
    read.endedAt ??
    read.call.endedAt ??
    (began && lasted ? new Date(began.getTime() + lasted) : (read.timestamp ?? receivedAt));
  const { recordingUrl, stereoRecordingUrl, recording: recorded } = read.artifact;
  return {
    endedReason: read.endedReason || read.call.endedReason,
    startedAt: began ?? (lasted ? new Date(ended.getTime() - lasted) : undefined),
    endedAt: ended,
    transcript: read.artifact.transcript || read.transcript || transcriptOf(spoken),
    recordingUrl:
      recordingUrl || stereoRecordingUrl || recorded.stereoUrl || recorded.mono.combinedUrl || read.recordingUrl,
    summary: read.analysis.summary || read.summary,
    structuredDataJson: jsonOf(read.analysis.structuredData),
  };
}

const speakers: Readonly<Record<string, string>> = { assistant: "AI", bot: "AI", user: "User" };

function transcriptOf(spoken: z.output<typeof turns>): string {
  const lines = spoken.flatMap(({ role, message, content }) => {
    const speaker = Object.hasOwn(speakers, role) ? speakers[role] : undefined;
    const words = message || content;
    return speaker && words ? `${speaker}: ${words}` : [];
  });
  return lines.join("\n").slice(0, maxTranscript);
}

function jsonOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  try {
    // Escapes are read one by one, so that only a real NUL is dropped.
    const json = JSON.stringify(value).replace(/\\(u0000|.)/g, (whole, code) => (code === "u0000" ? "" : whole));
    return json.length <= maxDescription ? json : "";
  } catch {
    // Nested deeper than the stack: no analysis of a call looks like that.
    return "";
  }
}
