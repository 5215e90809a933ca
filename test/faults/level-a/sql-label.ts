const known = new Map<string, { label: string; writes: boolean }>();

/** The verb and table of a statement, or the function it calls: "INSERT booking.booking_attempts", "CALL booking.claim_slot_atomic". */
export function sqlLabel(text: string, firstValue: unknown): { label: string; writes: boolean } {
  const read = known.get(text) ?? readLabel(text);
  known.set(text, read);
  return read.label.endsWith(".enqueue") ? { label: `ENQUEUE ${String(firstValue)}`, writes: true } : read;
}

function readLabel(text: string): { label: string; writes: boolean } {
  const control = /^\s*(BEGIN|COMMIT|ROLLBACK)\b/i.exec(text)?.[1];
  if (control) return { label: control.toUpperCase(), writes: false };
  const write = /\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+([a-z_]+\.[a-z_]+)/i.exec(text);
  if (write) return { label: `${write[1]?.split(/\s/)[0]?.toUpperCase()} ${write[2]}`, writes: true };
  const call = /^\s*SELECT\s+(?:\*\s+FROM\s+)?([a-z_]+\.[a-z_]+)\(/i.exec(text)?.[1];
  if (call) return { label: `CALL ${call}`, writes: call !== "trace.write_sms_flow" };
  const table = /\bFROM\s+([a-z_]+\.[a-z_]+)/i.exec(text)?.[1];
  return { label: table ? `SELECT ${table}` : "OTHER", writes: false };
}
