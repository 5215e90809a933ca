export { directBus, type EventBus } from "./event-bus.ts";
