let stop: (() => Promise<void>) | undefined;

/** Says what sends out the rest of the spans and measurements at the end of the process. */
export function atStop(work: () => Promise<void>): void {
  stop = work;
}

/** Sends out what is left of spans and measurements; resolves at once where there is no telemetry, and never rejects. */
export async function stopTelemetry(): Promise<void> {
  await stop?.().catch(() => undefined);
}
