import { GoogleRefusal } from "../refusal.ts";
import type { ApiDescription, FieldSchema } from "./description.ts";

/** What a `fields` parameter keeps: by name, all of it or parts. */
type Selection = Map<string, Selection | "all">;

/**
 * A partial answer, as `fields=kind,items(id,start/dateTime)` asks for.
 * Source: https://developers.google.com/workspace/calendar/api/guides/performance#partial
 * @throws GoogleRefusal 400 invalidParameter for a field that the answer cannot have
 */
export function selectFields(
  { schemas }: ApiDescription,
  answer: { schema: string; body: unknown },
  fields: string,
): unknown {
  const selection = parseSelection(fields);
  check(schemas, { $ref: answer.schema }, selection);
  return pick(answer.body, selection);
}

function parseSelection(text: string): Selection {
  const selection: Selection = new Map();
  for (const part of splitOutside(text)) {
    const [, path = "", inside] = /^([\w*/-]+)(?:\((.*)\))?$/.exec(part.trim()) ?? [];
    if (path === "") throw invalidSelection(part);
    const names = path.split("/");
    const last = names.pop() ?? "";
    let level = selection;
    for (const name of names) level = below(level, name);
    if (inside === undefined) level.set(last, "all");
    else merge(below(level, last), parseSelection(inside));
  }
  return selection;
}

/** At the commas that no bracket holds. */
function splitOutside(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (character === "," && depth === 0) parts.push("");
    else parts.push(`${parts.pop()}${character}`);
  }
  return parts;
}

function below(selection: Selection, name: string): Selection {
  const found = selection.get(name);
  if (found !== undefined && found !== "all") return found;
  const made: Selection = new Map();
  selection.set(name, made);
  return made;
}

function merge(into: Selection, from: Selection): void {
  for (const [name, inner] of from) into.set(name, inner);
}

function check(schemas: ApiDescription["schemas"], field: FieldSchema, selection: Selection): void {
  const target = field.$ref === undefined ? field : schemas[field.$ref];
  if (target?.items !== undefined) {
    check(schemas, target.items, selection);
    return;
  }
  for (const [name, inner] of selection) {
    if (name === "*") continue;
    const next = target?.properties?.[name] ?? target?.additionalProperties;
    if (next === undefined) throw invalidSelection(name);
    if (inner !== "all") check(schemas, next, inner);
  }
}

function pick(value: unknown, selection: Selection | "all"): unknown {
  if (selection === "all") return value;
  if (Array.isArray(value)) return value.map((item) => pick(item, selection));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    const wanted = selection.get(name) ?? selection.get("*");
    return wanted === undefined ? [] : [[name, pick(inner, wanted)]];
  });
  return Object.fromEntries(kept);
}

function invalidSelection(name: string): GoogleRefusal {
  return new GoogleRefusal(400, "invalidParameter", `Invalid field selection ${name}`, {
    locationType: "parameter",
    location: "fields",
  });
}
