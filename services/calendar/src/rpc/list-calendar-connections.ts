import { type SecretBox, withTenant } from "@bookproof/postgres";
import {
  type CalendarConnection,
  ConnectionState,
  type ListCalendarConnectionsRequest,
  type ListCalendarConnectionsResponse,
} from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import { readStoredCredential } from "../adapters/stored-credential.ts";
import type { Deps } from "../deps.ts";
import { connectAdvice } from "../domain/calendar-advice.ts";
import { type Calendar, type CalendarKind, selectOpenCalendars } from "../queries/calendars.ts";
import { tenantId } from "./request-fields.ts";

const schema = z.object({ tenantId });

/** How each calendar of a tenant is connected, as far as is known without asking Google. */
export const listCalendarConnections =
  (deps: Deps) =>
  async (request: ListCalendarConnectionsRequest): Promise<ListCalendarConnectionsResponse> => {
    const { tenantId: tenant } = parseRequest(schema, request);
    const calendars = await withTenant(deps.pool, tenant, (client) => selectOpenCalendars(client, tenant));
    return { calendars: calendars.map((calendar) => toConnection(deps.secrets, tenant, calendar)) };
  };

function toConnection(secrets: SecretBox, tenant: string, calendar: Calendar): CalendarConnection {
  const { id: calendarId, displayName, source } = calendar;
  const about = { calendarId, displayName, kind: source.kind };
  const connected = { state: ConnectionState.CONNECTION_STATE_CONNECTED, reason: "", whatToDo: "" };
  if (source.kind === "builtin") return { ...about, ...connected, accountEmail: "", connectedAt: undefined };
  const { accountEmail, reason } = examine(secrets, source, calendar.disconnectedReason);
  const known = { ...about, accountEmail, connectedAt: source.connectedAt ?? undefined };
  if (!reason) return { ...known, ...connected };
  const isNew = reason === "calendar_not_connected";
  const openedBy = source.credentialKind;
  return {
    ...known,
    state: isNew ? ConnectionState.CONNECTION_STATE_NOT_CONNECTED : ConnectionState.CONNECTION_STATE_DISCONNECTED,
    reason,
    whatToDo: connectAdvice({ tenantId: tenant, calendarId, openedBy }, isNew ? reason : "calendar_disconnected"),
  };
}

/** Whose credential it is, and why it does not open the calendar; "" where nothing is known against it. */
function examine(
  secrets: SecretBox,
  source: Extract<CalendarKind, { kind: "google" }>,
  disconnectedReason: string,
): { accountEmail: string; reason: string } {
  if (source.credentialSealed === "") return { accountEmail: "", reason: "calendar_not_connected" };
  const credential = readStoredCredential(secrets, source);
  if (!credential) return { accountEmail: source.accountEmail, reason: "credential_unreadable" };
  const accountEmail = credential.kind === "service_account" ? credential.email : source.accountEmail;
  return { accountEmail, reason: disconnectedReason };
}
