// Waits until WAIT_FOR answers: tcp://host:port takes a connection, an http:// URL answers 200. Says what is missing after WAIT_SECONDS.
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

const { WAIT_FOR: target, WAIT_SECONDS: seconds } = process.env;
const ends = performance.now() + Number(seconds) * 1_000;

/** @returns what is missing, or undefined */
async function missing() {
  const { protocol, hostname, port } = new URL(target);
  if (protocol === "tcp:")
    return new Promise((resolve) => {
      const socket = connect({ host: hostname, port: Number(port), timeout: 3_000 }, () => end(undefined));
      const end = (answer) => {
        socket.destroy();
        resolve(answer);
      };
      socket.on("error", (error) => end(error.message)).on("timeout", () => end("no answer"));
    });
  try {
    const answer = await fetch(target, { signal: AbortSignal.timeout(5_000) });
    return answer.status === 200 ? undefined : `${answer.status} ${(await answer.text()).slice(0, 300)}`;
  } catch (error) {
    return error.cause?.message ?? error.message;
  }
}

let said;
while (true) {
  const found = await missing();
  if (found === undefined) break;
  if (performance.now() > ends) {
    console.error(`${target} is not there after ${seconds} s: ${found}`);
    process.exit(1);
  }
  if (found !== said) console.log(`waiting for ${target}: ${found}`);
  said = found;
  await delay(1_000);
}
console.log(`${target} is there`);
