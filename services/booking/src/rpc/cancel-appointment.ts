import type { CancelAppointmentRequest, CancelAppointmentResponse } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { carryOutChange, changeFields } from "../saga/carry-out-change.ts";

const schema = changeFields.extend({ actionId: z.guid() });

/** Carries out one CONFIRM of a cancellation: T1, the calendar, then T2 or F. */
export const cancelAppointment =
  (deps: Deps) =>
  (request: CancelAppointmentRequest): Promise<CancelAppointmentResponse> => {
    const { actionId, ...command } = parseRequest(schema, request);
    return carryOutChange(deps, { ...command, change: { kind: "cancel", actionId } });
  };
