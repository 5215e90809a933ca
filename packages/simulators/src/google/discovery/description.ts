import { readFileSync } from "node:fs";
import { z } from "zod";

const bound = z.string().transform(Number).optional();

const parameterSchema = z.object({
  location: z.enum(["path", "query"]),
  type: z.enum(["string", "boolean", "integer"]),
  required: z.boolean().default(false),
  repeated: z.boolean().default(false),
  enum: z.array(z.string()).optional(),
  minimum: bound,
  maximum: bound,
});

const refSchema = z.object({ $ref: z.string() });

const methodSchema = z.object({
  /** As `calendar.events.insert`. */
  id: z.string(),
  httpMethod: z.enum(["DELETE", "GET", "PATCH", "POST", "PUT"]),
  /** Below the base path, with `{names}`. */
  path: z.string(),
  parameters: z.record(z.string(), parameterSchema).default({}),
  request: refSchema.optional(),
  response: refSchema.optional(),
  /** Any one of them lets a token in. */
  scopes: z.array(z.string()),
});

/** A field or resource, in the JSON Schema draft 3 dialect of discovery documents. */
export type FieldSchema = {
  $ref?: string | undefined;
  type?: string | undefined;
  format?: string | undefined;
  enum?: string[] | undefined;
  properties?: Record<string, FieldSchema> | undefined;
  additionalProperties?: FieldSchema | undefined;
  items?: FieldSchema | undefined;
};
const fieldSchema: z.ZodType<FieldSchema> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.string().optional(),
    format: z.string().optional(),
    enum: z.array(z.string()).optional(),
    properties: z.record(z.string(), fieldSchema).optional(),
    additionalProperties: fieldSchema.optional(),
    items: fieldSchema.optional(),
  }),
);

const descriptionSchema = z.object({
  revision: z.string(),
  /** With slashes at both ends. */
  basePath: z.string(),
  /** What every method takes besides its own. */
  parameters: z.record(z.string(), parameterSchema),
  /** By `resource.method`. */
  methods: z.record(z.string(), methodSchema),
  schemas: z.record(z.string(), fieldSchema),
});
export type ApiParameter = z.output<typeof parameterSchema>;
export type ApiMethod = z.output<typeof methodSchema>;
export type ApiDescription = z.output<typeof descriptionSchema>;

/** Google's own description of Calendar v3, as far as it is simulated. */
export function readDescription(): ApiDescription {
  return descriptionSchema.parse(JSON.parse(readFileSync(new URL("calendar.v3.json", import.meta.url), "utf8")));
}
