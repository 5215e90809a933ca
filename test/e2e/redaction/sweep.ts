import type { Route } from "./gateway-routes.ts";
import { person, phones, secrets } from "./people.ts";
import { bearer, form, json, type Request } from "./requests.ts";

const { misformed } = phones;

/** What stands in fields where it does not belong: in each form that people, models and other systems give it. */
export const misplaced = [
  person.name,
  `${person.name} `.repeat(300),
  `${person.address}, ${person.email}`,
  misformed,
  misformed.slice(1),
  misformed.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "1 ($1) $2-$3"),
  person.body,
  secrets.twilioToken,
];

const fields = [
  ...["From", "To", "Body", "MessageSid", "MessageStatus", "AccountSid", "OptOutType", "NumMedia", "ErrorCode"],
  ...["id", "name", "role", "tenantId", "cid", "phone", "from", "to", "body", "limit", "numbers"],
  ...["calendar", "link", "state", "code", "error"],
];
const toolArguments = [
  ...["tenantId", "date", "slotId", "calendarId", "patientName", "patientPhone", "patientEmail", "serviceType"],
  ...["holdId", "providedOTP", "contactId", "appointmentId", "address"],
];
const all = (names: readonly string[], value: string) => Object.fromEntries(names.map((name) => [name, value]));

const callOf = (value: string) => ({ id: value, customer: { number: value }, phoneNumber: { number: value } });
const toolCallOf = (value: string) => ({ id: value, name: value, arguments: all(toolArguments, value) });

/** Bodies whose every field holds the value, in the shape of every route, and bodies that are nothing at all. */
function bodiesOf(value: string): Pick<Request, "headers" | "body">[] {
  const call = callOf(value);
  const report = {
    endedReason: value,
    summary: value,
    transcript: value,
    analysis: { structuredData: { [value]: 1 } },
  };
  return [
    json({ ...all(fields, value), toolCall: toolCallOf(value), [value]: value }),
    json({ message: { type: "tool-calls", call, toolCallList: [toolCallOf(value)] } }),
    json({
      message: { type: "tool-calls", call, toolCallList: [{ id: "1", name: "reserve_atomic", arguments: value }] },
    }),
    json({ message: { type: "end-of-call-report", call, ...report } }),
    json({ message: { type: "assistant-request", call } }),
    json({ message: { type: value, call } }),
    json(`{"name": "${value}", "phone": ${value}`),
    json(JSON.stringify(value)),
    form(all(fields, value)),
    { headers: { "content-type": `text/${value.replace(/\W/g, "-").slice(0, 40)}` }, body: value },
  ];
}

/** A longer parameter is no route's. */
const longestParameter = 100;

function at(url: string, value: string): string {
  const whole = encodeURIComponent(value.slice(0, 200));
  const parameter = whole.length <= longestParameter ? whole : encodeURIComponent(value.slice(0, longestParameter / 4));
  return url.replace(/:\w+/g, parameter);
}

/** Whether a route reads what is sent to it. */
const readsBody = ({ method, url }: Route) => method === "POST" || (method === "PUT" && url.startsWith("/api/admin"));

/** A route with a value in its path, its query and its body; signed in where it is read in earnest. */
function sweepRoute(route: Route, value: string, adminToken: string): Request[] {
  const { method, url } = route;
  const query = `?${new URLSearchParams(all(fields, value.slice(0, 200)))}`;
  const request = { method, path: at(url, value) + query };
  const signedIn = { ...bearer(url.startsWith("/api/vapi") ? secrets.clinicVapi : adminToken) };
  const headers = { "x-twilio-signature": secrets.twilioToken };
  if (!readsBody(route)) return [{ ...request, headers: { ...headers, ...(url.startsWith("/api") ? signedIn : {}) } }];
  const sent = bodiesOf(value);
  return [
    ...sent.slice(0, 1).map((one) => ({ ...request, ...one })),
    ...sent.map((one) => ({ ...request, ...one, headers: { ...headers, ...signedIn, ...one.headers } })),
  ];
}

/** Every route with everything that is misplaced; what answers alike whatever is sent is asked with one value. */
export function sweep(routes: readonly Route[], adminToken: string): Request[] {
  const swept = routes.flatMap((route, index) => {
    const values = readsBody(route) ? misplaced : misplaced.slice(index % misplaced.length).slice(0, 1);
    return values.flatMap((value) => sweepRoute(route, value, adminToken));
  });
  return [...swept, ...nowhere(adminToken)];
}

/** Addresses that are no route, and tokens that are none. */
function nowhere(token: string): Request[] {
  const paths = misplaced.map((value) => `/${encodeURIComponent(value.slice(0, 100))}/of?${value.slice(0, 100)}`);
  const wrongTokens = misplaced.map((value) => bearer(value.replace(/[^\x21-\x7e]/g, "_").slice(0, 190)));
  return [
    ...paths.map((path) => ({ method: "GET", path })),
    ...paths.map((path) => ({ method: "POST", path: `/api/debug/sms-flow${path}%ff%`, headers: bearer(token) })),
    ...wrongTokens.flatMap((headers) => [
      { method: "GET", path: "/api/admin/tenants", headers },
      { method: "POST", path: "/api/vapi/webhook", headers },
    ]),
    ...misplaced.flatMap((value) => lookUps(value.slice(0, 200), token)),
  ];
}

/** The admin routes that look for somebody, asked by a platform owner. */
function lookUps(value: string, token: string): Request[] {
  const text = encodeURIComponent(value);
  const headers = bearer(token);
  return [
    ...[`?phone=${text}`, `?cid=${text}`, `/${text}`].map((rest) => ({
      method: "GET",
      path: `/api/debug/sms-flow${rest}`,
      headers,
    })),
    { method: "GET", path: `/sandbox/api/messages?numbers=${text}` },
    { method: "GET", path: `/sandbox/api/flow?phone=${text}&tenantId=a0000000-0000-0000-0000-00000000de01` },
    { method: "POST", path: "/api/conversations/resolve", ...json({ cid: value }, headers) },
    { method: "GET", path: `/api/admin/tenants/${text}/assistant`, headers },
  ];
}
