export const serviceNames = ["gateway", "agent", "booking", "calendar", "notifier"] as const;
export type ServiceName = (typeof serviceNames)[number];
