import { Ajv, type ValidateFunction } from "ajv";
import { z } from "zod";
import { GoogleRefusal } from "../refusal.ts";
import type { ApiDescription, ApiMethod, FieldSchema } from "./description.ts";

/** The bodies of the described methods. */
export type BodySchemas = {
  /**
   * Takes what the description does not know out of a request's body, as Google ignores it.
   * @throws GoogleRefusal 400 invalid
   */
  checkRequest(method: ApiMethod, body: unknown): unknown;
  /** @throws Error where the simulator itself breaks the description */
  checkAnswer(method: ApiMethod, body: unknown): void;
};

const FORMATS: Record<string, (text: string) => boolean> = {
  "date-time": (text) => z.iso.datetime({ offset: true }).safeParse(text).success,
  date: (text) => z.iso.date().safeParse(text).success,
  int64: (text) => /^-?\d+$/.test(text),
};

/** Compiles the described schemas twice: lenient for requests, strict for answers. Takes a fifth of a second. */
export function compileBodySchemas(description: ApiDescription): BodySchemas {
  const requests = new Ajv({ strict: false, validateSchema: false, removeAdditional: true, verbose: true });
  const answers = new Ajv({ strict: false, validateSchema: false, formats: FORMATS });
  for (const [name, schema] of Object.entries(description.schemas)) {
    requests.addSchema(requestSchema(schema), name);
    answers.addSchema(answerSchema(schema), name);
  }
  // Now rather than at the first request, which would be late by that.
  for (const { request, response } of Object.values(description.methods)) {
    if (request !== undefined) find(requests, request.$ref);
    if (response !== undefined) find(answers, response.$ref);
  }

  return {
    checkRequest(method, body) {
      if (method.request === undefined) return undefined;
      const validate = find(requests, method.request.$ref);
      const given = body ?? {};
      if (validate(given)) return given;
      const [error] = validate.errors ?? [];
      throw new GoogleRefusal(400, "invalid", `Invalid value for: ${JSON.stringify(error?.data)} is not a valid value`);
    },
    checkAnswer(method, body) {
      if (method.response === undefined) return;
      const validate = find(answers, method.response.$ref);
      if (validate(body)) return;
      throw new Error(`the answer of ${method.id} breaks Google's description: ${answers.errorsText(validate.errors)}`);
    },
  };
}

function find(schemas: Ajv, name: string): ValidateFunction {
  const validate = schemas.getSchema(name);
  if (validate === undefined) throw new Error(`Google's description has no schema ${name}`);
  return validate;
}

/** Everything may be `null`, which is as good as absent, and 64-bit numbers come as text or as numbers. */
function requestSchema(field: FieldSchema): object {
  if (field.$ref !== undefined) return { $ref: field.$ref };
  const { type = "object", format, enum: values } = field;
  if (type === "any") return {};
  return {
    type: [type, "null", ...(format === "int64" ? ["number"] : [])],
    ...(values === undefined ? {} : { enum: [...values, null] }),
    ...inner(field, requestSchema),
  };
}

function answerSchema(field: FieldSchema): object {
  if (field.$ref !== undefined) return { $ref: field.$ref };
  const { type = "object", format, enum: values } = field;
  if (type === "any") return {};
  return {
    type,
    ...(values === undefined ? {} : { enum: values }),
    ...(type === "string" && format !== undefined && format in FORMATS ? { format } : {}),
    ...inner(field, answerSchema),
  };
}

function inner(field: FieldSchema, convert: (field: FieldSchema) => object): object {
  const { properties, additionalProperties, items } = field;
  if (items !== undefined) return { items: convert(items) };
  if (additionalProperties !== undefined) return { additionalProperties: convert(additionalProperties) };
  if (properties === undefined) return {};
  const converted = Object.entries(properties).map(([name, property]) => [name, convert(property)]);
  return { properties: Object.fromEntries(converted), additionalProperties: false };
}
