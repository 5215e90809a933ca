/**
 * Loaded before everything else in an image. The kernel does to process 1 of a container only what it has asked for: until a service
 * listens for signals itself, SIGTERM would go unheard and the container be killed at the end of its grace.
 */
for (const [signal, number] of [
  ["SIGTERM", 15],
  ["SIGINT", 2],
] as const)
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(128 + number);
  });
