import { describe, expect, test } from "@jest/globals";
import { readTwimlReplies } from "./twiml-replies.ts";

describe("readTwimlReplies", () => {
  test("finds no reply in an empty response", () => {
    expect(readTwimlReplies('<?xml version="1.0"?><Response/>')).toEqual([]);
    expect(readTwimlReplies("<Response><Message/></Response>")).toEqual([]);
  });
  test("reads each message, bare or with a body, and decodes entities", () => {
    const twiml = `<Response><Message>Tom &amp; Ann&#39;s</Message><Message to="+1"><Body>2 &lt; 3 &#x1F642;</Body></Message></Response>`;
    expect(readTwimlReplies(twiml)).toEqual(["Tom & Ann's", "2 < 3 🙂"]);
  });
});
