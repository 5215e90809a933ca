import type { MetricPoint } from "./otlp-metrics.ts";

export type MetricStore = {
  add(points: MetricPoint[]): void;
  /** The latest point of each series. */
  latest(): MetricPoint[];
  clear(): void;
};

/** Keeps the latest point per service, metric and attributes, of the last `max` such series. */
export function createMetricStore(max: number): MetricStore {
  const series = new Map<string, MetricPoint>();
  return {
    add(points) {
      for (const point of points) {
        const key = seriesKey(point);
        const known = series.get(key);
        if (known !== undefined && BigInt(known.timeUnixNano) > BigInt(point.timeUnixNano)) continue;
        series.delete(key);
        series.set(key, point);
      }
      for (const key of series.keys()) {
        if (series.size <= max) break;
        series.delete(key);
      }
    },
    latest: () => [...series.values()],
    clear: () => series.clear(),
  };
}

function seriesKey({ service, name, attributes }: MetricPoint): string {
  return JSON.stringify([service, name, Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
