/** Something that must be found nowhere, and how it is recognised. */
export interface Personal {
  /** What it is, for the report of a leak: never the value. */
  what: string;
  /** A `text` is found by any of its longer words, a `secret` by either half of it, a `code` where it stands alone. */
  kind: "text" | "phone" | "secret" | "code";
  value: string;
}

/** What was found, in which writing, and where. */
export interface Leak {
  what: string;
  as: string;
  excerpt: string;
}

interface Needle {
  as: string;
  pattern: RegExp;
  /** Which reading of a text it is looked for in. */
  reading: keyof Readings;
}

/** A text as it is, with its escapes undone, and then without what people put between the digits of a number. */
type Readings = ReturnType<typeof readingsOf>;

/** Shorter words and shorter base64 may stand there by chance. */
const shortestWord = 7;
const shortestBase64 = 8;
/** How many bytes of a group of three may stand before a text that is part of something in base64. */
const alignments = [0, 1, 2];

/**
 * Finds personal values in texts of any kind: plain, in JSON, in URLs, in base64 or hex, whole or in telling parts.
 * @returns one leak for each value that is there
 */
export function createPersonalFinder(values: readonly Personal[]): (text: string) => Leak[] {
  const sought = values.map((value) => ({ what: value.what, needles: needlesOf(value) }));
  return (text) => {
    const readings = readingsOf(text);
    return sought.flatMap(({ what, needles }) => {
      for (const { as, pattern, reading } of needles) {
        const match = pattern.exec(readings[reading]);
        if (match) return [{ what, as, excerpt: excerptOf(readings[reading], match.index) }];
      }
      return [];
    });
  };
}

/** Phones that are masked are `***` and four digits: more of them, or anything else, is no mask. */
const badMask = /\*{3}(?:\d{5}|\p{L})/u;

/** Where a mask shows more than the last four digits of a phone number. */
export function findBadMask(text: string): Leak[] {
  const match = badMask.exec(text);
  return match ? [{ what: "a mask", as: "more than four digits", excerpt: excerptOf(text, match.index) }] : [];
}

function needlesOf({ kind, value }: Personal): Needle[] {
  if (kind === "code") return codeNeedles(value);
  if (kind === "phone") {
    const national = value.replace(/\D/g, "").slice(-10);
    const local = `(?<!\\d)${national.slice(3, 6)}[\\s.-]?${national.slice(6)}(?!\\d)`;
    return [
      { as: "its digits", pattern: literally(national), reading: "digits" },
      { as: "its local digits", pattern: new RegExp(local), reading: "decoded" },
      ...encoded(national),
    ];
  }
  return partsOf(kind, value).flatMap((part) => [
    { as: "plain", pattern: literally(part, "i"), reading: "raw" },
    { as: "decoded", pattern: literally(part, "i"), reading: "decoded" },
    ...encoded(part),
  ]);
}

function partsOf(kind: "text" | "secret", value: string): string[] {
  const half = Math.ceil(value.length / 2);
  if (kind === "secret") return half < shortestWord ? [value] : [value.slice(0, half), value.slice(-half)];
  return value.split(/[^\p{L}]+/u).filter((word) => word.length >= shortestWord);
}

/** A code has four digits, as many other things do: it counts as a text or word of its own, and as the value of a field of that name. */
function codeNeedles(value: string): Needle[] {
  const alone = `(?<![\\w.:/*+-])${value}(?![\\w.:/-]|\\s*ms\\b)`;
  const named = `(?:otp|code|pin|digits)\\w*"?\\s*[:=]\\s*"?${value}(?![\\w-])`;
  return [
    { as: "a word", pattern: new RegExp(alone), reading: "decoded" },
    { as: "a field", pattern: new RegExp(named, "i"), reading: "decoded" },
  ];
}

function encoded(part: string): Needle[] {
  const writings = [...new Set([part, part.toLowerCase(), part.toUpperCase()])];
  const base64 = writings
    .flatMap((writing) => alignments.map((offset) => base64At(writing, offset)))
    .filter((text) => text.length >= shortestBase64);
  return [
    { as: "base64", pattern: new RegExp(base64.map(escaped).join("|")), reading: "base64" },
    { as: "hex", pattern: literally(Buffer.from(part).toString("hex"), "i"), reading: "raw" },
  ];
}

/** The base64 of a text that stands `offset` bytes behind a group's beginning, without what its neighbours decide. */
function base64At(text: string, offset: number): string {
  const all = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
  const from = offset === 0 ? 0 : 4;
  return all.toString("base64").slice(from, Math.floor(all.length / 3) * 4);
}

function readingsOf(raw: string) {
  const decoded = decodePercent(decodePercent(unescapeJson(raw)));
  return {
    raw,
    decoded,
    digits: decoded.replace(/[\s().\-/_\u00a0\u2010-\u2015]/g, ""),
    base64: raw.replaceAll("-", "+").replaceAll("_", "/"),
  };
}

const unescapeJson = (text: string) =>
  text
    .replace(/\\+u([\da-f]{4})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\+["\\/nrt]/g, " ");

/** Also of what is no valid URL. */
const decodePercent = (text: string) =>
  text.replace(/(?:%[\da-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"));

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
const literally = (text: string, flags = "") => new RegExp(escaped(text), flags);
const excerptOf = (text: string, at: number) => text.slice(Math.max(0, at - 200), at + 120);
