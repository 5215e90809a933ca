import { showJourney } from "./journey.js";
import { keepAtEnd, showThread } from "./thread.js";

const firstCustomer = "+15551230001";
const suggestions = ["Book me tomorrow morning", "1", "Jane Roe", "CONFIRM"];
const element = (id) => document.getElementById(id);
const tenantSelect = element("tenant");
const customerInput = element("customer");
const textInput = element("text");

let tenants = [];

const currentTenant = () => tenants.find((tenant) => tenant.id === tenantSelect.value);
const customer = () => `+${customerInput.value.replace(/\D/g, "")}`;

async function getJson(path, init) {
  const response = await fetch(`/sandbox/api/${path}`, init);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

/** Asks again until a business is there: the services may still be starting. */
async function loadTenants() {
  tenants = (await getJson("tenants").catch(() => ({ tenants: [] }))).tenants;
  if (tenants.length === 0) {
    setTimeout(loadTenants, 1_000);
    return;
  }
  tenantSelect.replaceChildren(
    ...tenants.map((tenant) => new Option(`${tenant.name} · ${tenant.numbers[0]}`, tenant.id)),
  );
  const last = localStorage.getItem("tenant");
  if (tenants.some((tenant) => tenant.id === last)) tenantSelect.value = last;
  changeParties();
}

function changeParties() {
  const tenant = currentTenant();
  if (!tenant) return;
  localStorage.setItem("tenant", tenant.id);
  localStorage.setItem("customer", customer());
  element("customer-subtitle").textContent = `${customer()} ↔ ${tenant.name}`;
  element("owner-subtitle").textContent = tenant.ownerPhones.length
    ? `${tenant.name}, ${tenant.ownerPhones[0]}`
    : `${tenant.name} has no owner’s phone`;
  void refreshSoon();
}

let refreshing = false;
let refreshAgain = false;

/** One look at a time; what happens meanwhile causes one more. */
async function refreshSoon() {
  refreshAgain = true;
  if (refreshing) return;
  refreshing = true;
  while (refreshAgain) {
    refreshAgain = false;
    await refresh().catch(() => undefined);
  }
  refreshing = false;
}

async function refresh() {
  const tenant = currentTenant();
  if (!tenant) return;
  const phone = customer();
  void refreshJourney(tenant, phone);
  const numbers = [phone, ...tenant.ownerPhones];
  const { messages } = await getJson(`messages?numbers=${encodeURIComponent(numbers.join(","))}`);
  if (tenant !== currentTenant() || phone !== customer()) return;
  const isBusiness = (number) => tenant.numbers.includes(number);
  showThread(
    element("customer-thread"),
    messages.filter((one) => (one.from === phone && isBusiness(one.to)) || (one.to === phone && isBusiness(one.from))),
    { mine: phone, empty: `Text ${tenant.name} to book an appointment.` },
  );
  showThread(
    element("owner-thread"),
    messages.filter((one) => tenant.ownerPhones.includes(one.to) && isBusiness(one.from)),
    { mine: undefined, empty: "Alerts arrive here when a booking needs a human." },
  );
}

let askingForJourney = false;

/** Apart from the threads, which must go on while the agent is away. */
async function refreshJourney(tenant, phone) {
  if (askingForJourney) return;
  askingForJourney = true;
  const query = new URLSearchParams({ tenantId: tenant.id, phone });
  const flow = await getJson(`flow?${query}`).catch(() => undefined);
  askingForJourney = false;
  if (flow && tenant === currentTenant() && phone === customer()) showJourney(flow);
}

async function send(body) {
  const tenant = currentTenant();
  if (!tenant || body.trim() === "") return;
  const problem = element("problem");
  problem.hidden = true;
  textInput.value = "";
  try {
    const { status } = await getJson("texts", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ from: customer(), to: tenant.numbers[0], body }),
    });
    if (status === null || status >= 400) throw new Error(`Bookproof did not take it in (${status ?? "no answer"}).`);
  } catch (error) {
    textInput.value ||= body;
    problem.textContent = error.message;
    problem.hidden = false;
  }
  void refreshSoon();
}

/** EventSource comes back by itself after a cut line, but not after an error answer. */
function listen() {
  const link = element("link");
  const source = new EventSource("/sandbox/api/stream");
  for (const kind of ["message", "call"]) source.addEventListener(kind, refreshSoon);
  source.onopen = () => {
    link.textContent = "live";
    link.classList.add("live");
    void refreshSoon();
  };
  source.onerror = () => {
    link.textContent = "reconnecting…";
    link.classList.remove("live");
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 1_500);
  };
}

element("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  void send(textInput.value);
});
element("suggestions").append(
  ...suggestions.map((text) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", () => void send(text));
    return button;
  }),
);
element("new-customer").addEventListener("click", () => {
  customerInput.value = `+${BigInt(customer().slice(1) || firstCustomer.slice(1)) + 1n}`;
  changeParties();
  textInput.focus();
});
tenantSelect.addEventListener("change", changeParties);
customerInput.addEventListener("change", changeParties);
customerInput.value = localStorage.getItem("customer") ?? firstCustomer;

for (const id of ["customer-thread", "owner-thread"]) keepAtEnd(element(id));
void loadTenants();
listen();
// Steps that send no text show up here.
setInterval(() => {
  if (!document.hidden) void refreshSoon();
}, 3_000);
