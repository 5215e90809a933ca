import { z } from "zod";

// Neither message repeats the value: a secret may have been put where its variable's name belongs.
const literal = z.string().min(1, "must not be empty").optional();
const variable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable (letters, digits and _)")
  .optional();

/** The two ways to give one secret: `<name>` holds it, `<name>_env` names the environment variable that does. */
export function secretKeys<Name extends string>(name: Name) {
  return { [name]: literal, [`${name}_env`]: variable } as Record<Name | `${Name}_env`, typeof literal>;
}
