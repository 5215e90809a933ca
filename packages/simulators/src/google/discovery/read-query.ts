import { GoogleRefusal } from "../refusal.ts";
import type { ApiDescription, ApiMethod, ApiParameter } from "./description.ts";

export type QueryValue = string | number | boolean | string[];

/**
 * Reads a query as the method describes it: booleans, numbers and lists in place of text.
 * @throws GoogleRefusal 400 required, invalidParameter, badRequest for a parameter that the method does not have
 */
export function readQuery(
  { parameters: common }: ApiDescription,
  method: ApiMethod,
  rawQuery: Record<string, string | string[]>,
): Record<string, QueryValue> {
  const known = { ...common, ...method.parameters };
  for (const [name, { required }] of Object.entries(method.parameters)) {
    if (required && method.parameters[name]?.location === "query" && rawQuery[name] === undefined) {
      throw new GoogleRefusal(400, "required", `Required parameter: ${name}`, at(name));
    }
  }
  return Object.fromEntries(
    Object.entries(rawQuery).map(([name, raw]) => {
      const parameter = known[name];
      if (parameter === undefined || parameter.location !== "query") throw unknownParameter(name);
      const texts = [raw].flat();
      const values = texts.map((text) => readValue(name, parameter, text));
      // Of one that may not be repeated the last counts.
      return [name, parameter.repeated ? texts : (values.at(-1) ?? "")];
    }),
  );
}

function readValue(name: string, parameter: ApiParameter, text: string): string | number | boolean {
  const { type, enum: allowed, minimum = -(2 ** 31), maximum = 2 ** 31 - 1 } = parameter;
  if (type === "boolean") {
    if (text !== "true" && text !== "false") throw invalidParameter(name, `Invalid boolean value: '${text}'.`);
    return text === "true";
  }
  if (type === "integer") {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isNaN(value)) throw invalidParameter(name, `Invalid integer value: '${text}'.`);
    if (value < minimum || value > maximum) {
      throw invalidParameter(
        name,
        `Invalid value '${text}'. Values must be within the range: [${minimum}, ${maximum}]`,
      );
    }
    return value;
  }
  if (allowed !== undefined && !allowed.includes(text)) {
    throw invalidParameter(name, `Invalid string value: '${text}'. Allowed values: [${allowed.join(", ")}]`);
  }
  return text;
}

function invalidParameter(name: string, message: string): GoogleRefusal {
  return new GoogleRefusal(400, "invalidParameter", message, at(name));
}

function unknownParameter(name: string): GoogleRefusal {
  return new GoogleRefusal(
    400,
    "badRequest",
    `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`,
  );
}

function at(location: string): { locationType: string; location: string } {
  return { locationType: "parameter", location };
}
