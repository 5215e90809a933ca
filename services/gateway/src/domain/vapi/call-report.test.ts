import { describe, expect, test } from "@jest/globals";
import { readCallReport } from "./call-report.ts";

const received = new Date("2030-01-15T11:00:00Z");
const read = (message: object) => readCallReport(message, received);
const start = "2030-01-15T10:00:00.000Z";
const end = "2030-01-15T10:08:00.000Z";

describe("when a call began and ended", () => {
  test.each<[string, object, string | undefined, string]>([
    ["is said by the report", { startedAt: start, endedAt: end }, start, end],
    ["is said by the call", { call: { startedAt: start, endedAt: end } }, start, end],
    ["is worked out from the start and the duration", { startedAt: start, durationSeconds: 480 }, start, end],
    ["is worked out from the end and the duration", { endedAt: Date.parse(end), durationSeconds: 480 }, start, end],
    [
      "is the first word and the report's own time",
      { timestamp: Date.parse(end), artifact: { messages: [{ role: "bot", message: "Hi", time: Date.parse(start) }] } },
      start,
      end,
    ],
    ["is the receipt where nothing is known", { startedAt: "soon", endedAt: 1e99 }, undefined, received.toISOString()],
  ])("%s", (_how, message, startedAt, endedAt) => {
    const report = read(message);
    expect([report.startedAt?.toISOString(), report.endedAt.toISOString()]).toEqual([startedAt, endedAt]);
  });
});

test("a transcript that is missing is put together from the messages, without the prompt", () => {
  const messages = [
    { role: "system", message: "You are…" },
    { role: "bot", message: "Hi!" },
    { role: "user", message: "Tuesday?" },
    { role: "tool_calls", message: "" },
    { role: "assistant", content: "At 2." },
  ];
  expect(read({ artifact: { messages } }).transcript).toBe("AI: Hi!\nUser: Tuesday?\nAI: At 2.");
  expect(read({ messages }).transcript).toBe("AI: Hi!\nUser: Tuesday?\nAI: At 2.");
  expect(read({ transcript: "AI: whole", artifact: { messages } }).transcript).toBe("AI: whole");
});

test.each<[object, string]>([
  [{ artifact: { recordingUrl: "https://a.example/1.wav" } }, "https://a.example/1.wav"],
  [{ artifact: { recording: { stereoUrl: "https://a.example/2.wav" } } }, "https://a.example/2.wav"],
  [{ artifact: { recording: { mono: { combinedUrl: "https://a.example/3.wav" } } } }, "https://a.example/3.wav"],
  [{ recordingUrl: "https://a.example/4.wav" }, "https://a.example/4.wav"],
  [{ artifact: { recordingUrl: "javascript:alert(1)" } }, ""],
])("the recording of %j is '%s'", (message, url) => {
  expect(read(message).recordingUrl).toBe(url);
});

test("structured data is kept as JSON without NULs, and dropped where it is too much", () => {
  const of = (structuredData: unknown) => read({ analysis: { structuredData } }).structuredDataJson;
  expect(of({ a: "x\0y", path: "c:\\u0000" })).toBe('{"a":"xy","path":"c:\\\\u0000"}');
  expect(of(null)).toBe("");
  expect(of("x".repeat(60_000))).toBe("");
});
