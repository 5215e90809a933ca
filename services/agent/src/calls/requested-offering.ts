import type { Offering, Tenant } from "@bookproof/proto/booking";
import { namedOffering } from "../domain/dialogue/named-offering.ts";

/** The offering of this id, name or alias; the first where none is named; undefined where no such is offered. */
export function requestedOffering(tenant: Tenant, serviceType: string): Offering | undefined {
  const said = serviceType.trim();
  if (said === "") return tenant.offerings[0];
  const byId = tenant.offerings.find(({ id }) => id.toLowerCase() === said.toLowerCase());
  if (byId) return byId;
  const named = namedOffering(said, tenant.offerings);
  return tenant.offerings.find(({ id }) => id === named?.id);
}
