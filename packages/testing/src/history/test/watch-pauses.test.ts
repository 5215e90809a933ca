import { expect, test } from "@jest/globals";
import { eventually } from "../../eventually.ts";
import { watchPauses } from "../watch-pauses.ts";

test("a pause of the process is noted, with its beginning and end", async () => {
  const watch = watchPauses(100);
  const began = Date.now();
  while (Date.now() < began + 250);
  const pause = await eventually("the pause", () =>
    watch.pauses().find(({ from, to }) => to - from >= 200 && to > began),
  );
  expect(pause.from).toBeLessThanOrEqual(began + 60);
  watch.stop();
});
