import { z } from "zod";

const appointmentSchema = z.object({
  id: z.string(),
  start: z.iso.datetime().transform((text) => new Date(text)),
  offering: z.string(),
  calendarName: z.string(),
  customerName: z.string(),
  customerPhone: z.string(),
});
const listedSchema = appointmentSchema.extend({ status: z.string(), drift: z.string() });
const changedSchema = z.object({ status: z.enum(["confirmed", "running"]), appointment: appointmentSchema });

/** An appointment as its owner sees it; `drift` is what the calendar shows instead, "" where it agrees. */
export type ListedAppointment = z.infer<typeof listedSchema>;
export type ChangedAppointment = z.infer<typeof changedSchema>;

type Call = <T>(
  method: string,
  path: string,
  answer: z.ZodType<T>,
  options?: { body?: unknown; timeoutMs?: number },
) => Promise<T>;

const appointments = "/api/appointments";

/** The calls of the admin API for appointments; `call` makes one, and throws AdminApiError. */
export const appointmentCalls = (call: Call) => ({
  /** Those that begin from now on, or from `from`, for 30 days, or until `to`. */
  listAppointments: async (of: {
    tenantId: string;
    from?: string;
    to?: string;
    calendar?: string;
    phone?: string;
  }): Promise<ListedAppointment[]> => {
    const answer = z.object({ appointments: z.array(listedSchema) });
    return (await call("GET", `${appointments}?${new URLSearchParams({ ...of, limit: "500" })}`, answer)).appointments;
  },
  /** The same saga as by text. `running`: it is still under way, and its owner hears of it if it fails. */
  moveAppointment: (move: {
    tenantId: string;
    id: string;
    start: Date;
    calendar?: string;
  }): Promise<ChangedAppointment> => {
    const { id, ...body } = move;
    return call("POST", `${appointments}/${encodeURIComponent(id)}/move`, changedSchema, { body });
  },
  cancelAppointment: ({ tenantId, id }: { tenantId: string; id: string }): Promise<ChangedAppointment> =>
    call("POST", `${appointments}/${encodeURIComponent(id)}/cancel`, changedSchema, { body: { tenantId } }),
});
