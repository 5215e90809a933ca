import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseDocument } from "yaml";
import type { z } from "zod";
import { fileSchema, type TenantEntry } from "./file-schema.ts";
import { TenantFileError } from "./tenant-file-error.ts";

/** A checked tenant file, its secrets not yet resolved. */
export type TenantFile = {
  /** What `service_account_key_file` is relative to. */
  directory: string;
  tenants: TenantEntry[];
};

/** @throws TenantFileError when the file cannot be read or does not pass the checks */
export async function readTenantFile(path: string): Promise<TenantFile> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    const why = error.code === "ENOENT" ? "there is no such file" : error.message;
    throw new TenantFileError(`The tenant file ${path} cannot be read: ${why}.`, { cause: error });
  });
  return parseTenantFile(text, dirname(resolve(path)));
}

/**
 * Checks the YAML text of a tenant file.
 * @param directory what relative paths in it start from
 * @throws TenantFileError naming the first thing that is wrong
 */
export function parseTenantFile(text: string, directory: string): TenantFile {
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken)
    throw new TenantFileError(`The tenant file is not YAML: ${broken.message.split("\n")[0]?.replace(/:$/, "")}.`);
  const written: unknown = document.toJS();
  if (written === null) throw new TenantFileError("The tenant file is empty.");
  const result = fileSchema.safeParse(written, { error: inPlainWords });
  if (result.success) return { directory, tenants: result.data.tenants };
  const [issue] = result.error.issues;
  throw new TenantFileError(describe(issue?.path ?? [], issue?.message ?? "is not valid", written));
}

const kindsInWords: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a block of keys",
};

/** For what the schema itself has no words for: a value that is absent or of another type. */
function inPlainWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined || issue.input === null) return "is missing";
  if (issue.code !== "invalid_type") return undefined;
  const quotes = issue.expected === "string" && typeof issue.input !== "object" ? ": put it in quotes" : "";
  return `must be ${kindsInWords[issue.expected] ?? issue.expected}${quotes}`;
}

/** `Tenant "Smile Dental": offerings[0].name is missing.` */
function describe(path: readonly PropertyKey[], message: string, written: unknown): string {
  const [list, index, ...rest] = path;
  const sentence = (field: string) =>
    `${[field, message].filter(Boolean).join(" ")}${message.endsWith("?") ? "" : "."}`;
  if (list !== "tenants" || typeof index !== "number")
    return `The tenant file${path.length > 0 ? `: ${sentence(fieldName(path))}` : ` ${sentence("")}`}`;
  const tenant = property(property(written, "tenants"), index);
  const name = property(tenant, "name") ?? property(tenant, "id");
  const who = typeof name === "string" ? `Tenant "${name}"` : `Tenant number ${index + 1}`;
  return rest.length > 0 ? `${who}: ${sentence(fieldName(rest))}` : `${who} ${sentence("")}`;
}

function fieldName(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}

function property(value: unknown, key: string | number): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
