import type { Mutant, Patch } from "./mutant.ts";
import { mutantNamed } from "./mutants.ts";

/** Which mutant this process runs with; read in the test tree alone. `:control` after the name plants its provocation only. */
export const mutantVariable = "PLANTED_MUTANT";
const control = ":control";

export const controlOf = (mutant: Mutant): string => `${mutant.name}${control}`;

/** Every patch of a chosen mutant; its SQL is one too, of the file that migrates the tests' template database. */
export function patchesOf(chosen: string): Patch[] {
  const mutant = mutantNamed(chosen.replace(control, ""));
  const { patches, provocation = [], sql = [] } = mutant;
  if (chosen.endsWith(control)) return provocation;
  return [...patches, ...provocation, ...(sql.length > 0 ? [onTemplate(sql)] : [])];
}

function onTemplate(sql: string[]): Patch {
  const migrated = "await migrate(template.href);";
  const run = `${migrated}
  const planting = new pg.Client({ connectionString: template.href });
  await planting.connect();
  for (const statement of ${JSON.stringify(sql)}) await planting.query(statement);
  await planting.end();`;
  return { file: "packages/testing/src/test-server.ts", find: migrated, replace: run };
}
