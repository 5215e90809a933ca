import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ContainerRuntimeClient, getContainerRuntimeClient, getReaper, ImageName } from "testcontainers";
import { digestSources } from "../../deploy/docker/assemble-context.ts";
import { imageName, images, sourcesLabel } from "../../deploy/docker/images.ts";

export interface Engine {
  client: ContainerRuntimeClient;
  /** The name of each of our images, by its target. */
  image(target: string): string;
  postgresImage: string;
  kafkaImage: string;
  /** The size of an image, in bytes. */
  sizeOf(name: string): Promise<number>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const { version }: { version: string } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/**
 * The container engine with all images that the suite needs: ours as `npm run images` makes them, others pulled where they are missing.
 * @returns why there is none, in one sentence, where the suite has to do without
 */
export async function findEngine(env: NodeJS.ProcessEnv): Promise<Engine | string> {
  const client = await getContainerRuntimeClient().catch(() => undefined);
  if (client === undefined) return "no container engine is reachable";
  const image = (target: string) => imageName(target, version, env);
  const postgresImage = env.POSTGRES_IMAGE || "postgres:18";
  const kafkaImage = env.KAFKA_IMAGE || "apache/kafka:4.1.1";
  for (const ours of images) {
    const name = image(ours.target);
    const labels = await labelsOf(client, name);
    if (labels === undefined) return `there is no image ${name} (\`npm run images\` builds it)`;
    if (labels[sourcesLabel] !== digestSources(ours, root))
      return `the image ${name} was built of other sources (\`npm run images\` builds it anew)`;
  }
  for (const name of [postgresImage, kafkaImage])
    if (!(await isAtHand(client, name))) return `the image ${name} is not here and cannot be pulled`;
  // It removes what a run that was killed has left behind. Where its image cannot be had, the suite stops what it started by itself.
  await getReaper(client).catch(() => {
    env.TESTCONTAINERS_RYUK_DISABLED = "true";
  });
  return {
    client,
    image,
    postgresImage,
    kafkaImage,
    sizeOf: async (name) => (await client.image.inspect(ImageName.fromString(name))).Size,
  };
}

/** Undefined where there is no such image. */
async function labelsOf(client: ContainerRuntimeClient, name: string): Promise<Record<string, string> | undefined> {
  if (!(await client.image.exists(ImageName.fromString(name)))) return undefined;
  return (await client.image.inspect(ImageName.fromString(name))).Config.Labels ?? {};
}

async function isAtHand(client: ContainerRuntimeClient, name: string): Promise<boolean> {
  try {
    await client.image.pull(ImageName.fromString(name));
    return client.image.exists(ImageName.fromString(name));
  } catch {
    return false; // said by whoever asks
  }
}
