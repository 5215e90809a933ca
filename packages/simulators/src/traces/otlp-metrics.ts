import { z } from "zod";
import { attributes, double, int64, listOf, nanos, resource, text } from "./otlp-values.ts";
import type { Attributes } from "./trace-span.ts";

const metricKinds = ["sum", "gauge", "histogram", "exponentialHistogram", "summary"] as const;

/** One point of a series. */
export type MetricPoint = {
  service: string;
  name: string;
  unit: string;
  kind: (typeof metricKinds)[number];
  attributes: Attributes;
  /** Nanoseconds since the epoch, as digits. */
  timeUnixNano: string;
  /** Of a sum or a gauge; of the other kinds, the sum of what was measured, or NaN where the sender gave none. */
  value: number;
  /** How many measurements; of a histogram or a summary. */
  count?: number;
  /** Of a histogram: one more than `explicitBounds`, which are upper bounds in `unit`. */
  bucketCounts?: number[];
  explicitBounds?: number[];
};

const count = int64.transform(Number);
const pointSchema = z.object({
  attributes,
  timeUnixNano: nanos,
  asInt: count.nullish(),
  asDouble: double.nullish(),
  sum: double.nullish(),
  count: count.nullish(),
  bucketCounts: z.array(count).nullish(),
  explicitBounds: z.array(double).nullish(),
});
const seriesSchema = z.object({ dataPoints: listOf(pointSchema) }).nullish();

const metricSchema = z.object({
  name: z.string().min(1, "must not be empty"),
  unit: text,
  sum: seriesSchema,
  gauge: seriesSchema,
  histogram: seriesSchema,
  exponentialHistogram: seriesSchema,
  summary: seriesSchema,
});

const requestSchema = z.object({
  resourceMetrics: listOf(z.object({ resource, scopeMetrics: listOf(z.object({ metrics: listOf(metricSchema) })) })),
});

/** The points of an ExportMetricsServiceRequest in JSON. Throws a ZodError if any of it is wrong. */
export function readMetricPoints(body: unknown): MetricPoint[] {
  return requestSchema
    .parse(body)
    .resourceMetrics.flatMap(({ resource: { service }, scopeMetrics }) =>
      scopeMetrics.flatMap(({ metrics }) => metrics.flatMap((metric) => pointsOf(service, metric))),
    );
}

function pointsOf(service: string, metric: z.output<typeof metricSchema>): MetricPoint[] {
  const { name, unit } = metric;
  return metricKinds.flatMap((kind) =>
    (metric[kind]?.dataPoints ?? []).flatMap((point): MetricPoint[] => {
      const value = point.asInt ?? point.asDouble ?? point.sum ?? (point.count == null ? undefined : Number.NaN);
      // A point without a value says that nothing was recorded.
      if (value === undefined) return [];
      const { attributes, timeUnixNano, count, bucketCounts, explicitBounds } = point;
      return [
        {
          ...{ service, name, unit, kind, attributes, timeUnixNano, value },
          ...(count == null ? {} : { count }),
          ...(bucketCounts == null ? {} : { bucketCounts }),
          ...(explicitBounds == null ? {} : { explicitBounds }),
        },
      ];
    }),
  );
}
