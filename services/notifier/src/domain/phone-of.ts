/** The phone of an address for logs and traces, which keep phones alone: empty for an e-mail address. */
export function phoneOf(address: string): string {
  return address.includes("@") ? "" : address;
}
