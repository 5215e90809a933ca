import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";

/**
 * The W3C trace context, between services of ours alone: gRPC, Kafka and jobs bring a getter and a setter of their own, plain HTTP
 * headers do not. So no caller from outside chooses a trace of ours, and no vendor hears of one. Baggage is not carried at all: the
 * cid is put on our hops by themselves.
 */
export class ServicePropagator implements TextMapPropagator {
  readonly #w3c = new W3CTraceContextPropagator();

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    if (setter !== defaultTextMapSetter) this.#w3c.inject(context, carrier, setter);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    return getter === defaultTextMapGetter ? context : this.#w3c.extract(context, carrier, getter);
  }

  fields(): string[] {
    return this.#w3c.fields();
  }
}
