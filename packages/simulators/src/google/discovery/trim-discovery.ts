import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";

/**
 * Cuts Google's discovery description of Calendar v3 down to what is simulated, without its prose:
 * `node trim-discovery.ts path/to/calendar.v3.json` writes `calendar.v3.json` beside this file. See README.md for where to
 * get the description.
 */
const KEPT_METHODS: Record<string, string[]> = {
  calendarList: ["get", "list"],
  calendars: ["get"],
  channels: ["stop"],
  events: ["delete", "get", "insert", "list", "move", "patch", "update", "watch"],
  freebusy: ["query"],
};
const KEPT_ROOT = ["name", "version", "revision", "basePath", "parameters"];
const PROSE = new Set(["description", "enumDescriptions", "documentationLink"]);

const json = z.record(z.string(), z.unknown());
const documentSchema = z.looseObject({
  resources: z.record(z.string(), z.looseObject({ methods: json.default({}) })),
  schemas: json,
});

/** The values that a text field may have, where its description lists them: the format has no better place for them. */
function listedValues({ type, description }: Record<string, unknown>): { enum?: string[] } {
  if (type !== "string" || typeof description !== "string") return {};
  if (!/possible values are:/i.test(description) || /some of the possible values/i.test(description)) return {};
  const values = [...description.matchAll(/^- "(\w+)"/gm)].flatMap(([, value]) => value ?? []);
  return values.length === 0 ? {} : { enum: values };
}

/** Without the prose; below `properties` and `parameters` every key is a name and stays. */
function withoutProse(value: unknown, keysAreNames = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutProse(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries({ ...listedValues(value), ...value })
      .filter(([key]) => keysAreNames || !PROSE.has(key))
      .map(([key, inner]) => [key, withoutProse(inner, !keysAreNames && /^(properties|parameters)$/.test(key))]),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function schemasUsedBy(value: unknown, schemas: Record<string, unknown>, found = new Set<string>()): Set<string> {
  for (const [, name = ""] of JSON.stringify(value).matchAll(/"\$ref":"(\w+)"/g)) {
    if (found.has(name)) continue;
    found.add(name);
    schemasUsedBy(schemas[name], schemas, found);
  }
  return found;
}

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error("usage: node trim-discovery.ts path/to/calendar.v3.json");
const document = documentSchema.parse(JSON.parse(readFileSync(source, "utf8")));
const methods = Object.entries(KEPT_METHODS).flatMap(([resource, names]) =>
  names.map((name): [string, unknown] => [`${resource}.${name}`, document.resources[resource]?.methods[name]]),
);
const used = [...schemasUsedBy(methods, document.schemas)].sort();
const trimmed = {
  ...Object.fromEntries(KEPT_ROOT.map((key) => [key, document[key]])),
  methods: Object.fromEntries(methods),
  schemas: Object.fromEntries(used.map((name) => [name, document.schemas[name]])),
};
writeFileSync(new URL("calendar.v3.json", import.meta.url), `${JSON.stringify(withoutProse(trimmed), null, 2)}\n`);
