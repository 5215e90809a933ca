const element = (id) => document.getElementById(id);

/** Draws the newest journey's trace, newest step first, and where its conversation stands. */
export function showJourney({ traces, conversations }) {
  const cid = traces.at(-1)?.cid;
  const conversation = conversations.find((one) => one.cid === cid);
  const state = element("journey-state");
  state.textContent = describeState(conversation, cid);
  state.classList.toggle("bad", conversation?.needsHuman === true);
  state.classList.toggle("good", conversation?.stage === "BOOKED" && !conversation.needsHuman);
  element("journey-cid").textContent = cid ? `cid ${cid}` : "";
  const steps = traces.filter((trace) => trace.cid === cid).reverse();
  const list = element("journey-steps");
  const drawn = `${cid}:${steps[0]?.id}`;
  if (list.dataset.drawn === drawn) return;
  list.dataset.drawn = drawn;
  list.replaceChildren(...steps.map(drawStep));
}

function describeState(conversation, cid) {
  if (conversation?.needsHuman) return `Needs a human: ${words(conversation.stageReason) || "the bot is paused"}`;
  if (conversation?.stage) return words(conversation.stage);
  return cid ? "Under way" : "Nothing yet: its steps will show here.";
}

function drawStep(trace) {
  const item = document.createElement("li");
  const time = document.createElement("time");
  time.dateTime = trace.createdAt;
  time.textContent = new Date(trace.createdAt).toLocaleTimeString([], { hour12: false });
  const stage = document.createElement("span");
  stage.textContent = words(trace.stage);
  const detail = document.createElement("small");
  const tool = typeof trace.payload.tool === "string" ? trace.payload.tool : "";
  detail.textContent = [trace.service, words(trace.reason), tool].filter(Boolean).join(" · ");
  item.append(time, stage, detail);
  return item;
}

/** BOOKING_FAILED → Booking failed */
function words(code) {
  const text = (code ?? "").replaceAll("_", " ").toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
