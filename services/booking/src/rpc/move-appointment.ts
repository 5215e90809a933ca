import type { MoveAppointmentRequest, MoveAppointmentResponse } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { carryOutChange, changeFields } from "../saga/carry-out-change.ts";

const schema = changeFields.extend({ holdId: z.guid() });

/** Carries out one CONFIRM of a move: T1, the calendar, then T2 or F. */
export const moveAppointment =
  (deps: Deps) =>
  (request: MoveAppointmentRequest): Promise<MoveAppointmentResponse> => {
    const { holdId, ...command } = parseRequest(schema, request);
    return carryOutChange(deps, { ...command, change: { kind: "move", holdId } });
  };
