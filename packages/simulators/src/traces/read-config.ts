import { z } from "zod";

const envSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(0),
  EXIT_WITH_PARENT: z.enum(["true", "false"]).default("false"),
});

/** Settings of `traces-main.ts`. Throws an Error of one line that names the wrong variable. */
export function readTracesConfig(env: Record<string, string | undefined> = process.env) {
  const parsed = envSchema.safeParse(env);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { PORT: port, EXIT_WITH_PARENT } = parsed.data;
  return { exitWithParent: EXIT_WITH_PARENT === "true", backend: { port } };
}
