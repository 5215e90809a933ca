import type { BookingServiceDefinition } from "@bookproof/proto/booking";
import type { GrpcClient } from "@bookproof/service";

/** A tenant's own words for the assistant's prompt; "" for none. */
export async function readPromptExtension(
  booking: Pick<GrpcClient<BookingServiceDefinition>, "listConnections">,
  tenantId: string,
): Promise<string> {
  // A page of one that begins right after the id before: connections are listed, not looked up.
  const { connections } = await booking.listConnections({ afterId: idBefore(tenantId), limit: 1 });
  return connections.find((connection) => connection.tenantId === tenantId)?.vapi?.promptExtension ?? "";
}

/** The UUID that sorts right before this one. */
function idBefore(uuid: string): string {
  const hex = (BigInt(`0x${uuid.replaceAll("-", "")}`) - 1n).toString(16).padStart(32, "0");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
