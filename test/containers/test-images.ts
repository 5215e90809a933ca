import { expect, test } from "@jest/globals";
import { baseImage, images } from "../../deploy/docker/images.ts";
import type { Engine } from "./engine.ts";
import { probe } from "./probe.ts";

const megabyte = 1024 * 1024;

/** What an image adds to its base at most. */
const mostAdded = 250 * megabyte;

/** What is true of each image by itself. */
export function testImages(engine: Engine): void {
  test.each(images.map(({ target }) => target))(
    "%s runs as nobody, writes nothing, and holds no tools",
    async (target) => {
      expect(await probe(engine, target)).toEqual({
        uid: 10_001,
        packages: [],
        programs: [],
        tests: [],
        writing: ["EROFS", "EROFS", "EROFS"],
      });
    },
  );

  test("no image adds more than 250 MB to its base", async () => {
    const base = await engine.sizeOf(baseImage(process.env));
    const sizes = await Promise.all(
      images.map(async ({ target }) => [target, (await engine.sizeOf(engine.image(target))) - base] as const),
    );
    const said = sizes.map(([target, bytes]) => `${target} ${Math.round(bytes / megabyte)} MB`).join(", ");
    process.stderr.write(`test/containers: over the base: ${said}\n`);
    expect(sizes.filter(([, bytes]) => bytes > mostAdded || bytes <= 0)).toEqual([]);
  });

  test("each image says what it is, runs node itself, and names its user by number", async () => {
    for (const { target } of images) {
      const { Config } = await engine.client.container.dockerode.getImage(engine.image(target)).inspect();
      expect(Config.User).toBe("10001:10001");
      expect([Config.Entrypoint].flat()[0]).toBe("node");
      expect(Config.Labels).toMatchObject({
        "org.opencontainers.image.title": `bookproof-${target}`,
        "org.opencontainers.image.version": expect.stringMatching(/^\d+\.\d+\.\d+/),
      });
    }
  });
}
