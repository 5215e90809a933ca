const failed = new Set(["failed", "undelivered", "canceled"]);

/** Keeps the newest text in view, also when the phone changes its size, unless the reader has scrolled up. */
export function keepAtEnd(list) {
  list.addEventListener("scroll", () => {
    list.dataset.scrolledUp = String(list.scrollHeight - list.scrollTop - list.clientHeight > 60);
  });
  new ResizeObserver(() => {
    if (list.dataset.scrolledUp !== "true") list.scrollTop = list.scrollHeight;
  }).observe(list);
}

/** Draws a phone's texts and calls; what is drawn already is kept, so that a screen reader hears only what is new. */
export function showThread(list, messages, { mine, empty }) {
  list.dataset.empty = empty;
  const drawn = new Map([...list.children].map((item) => [item.dataset.sid, item]));
  const wanted = new Set(messages.map((message) => message.sid));
  for (const [sid, item] of drawn) if (!wanted.has(sid)) item.remove();
  let added = false;
  for (const message of messages) {
    let item = drawn.get(message.sid);
    if (!item) {
      item = drawMessage(message);
      list.append(item);
      added = true;
    }
    item.classList.toggle("mine", message.from === mine);
    const meta = item.querySelector(".meta");
    const text = describeDelivery(message, message.from === mine);
    if (meta.textContent !== text) meta.textContent = text;
    meta.classList.toggle("bad", failed.has(message.status));
  }
  if (added && list.dataset.scrolledUp !== "true") list.scrollTop = list.scrollHeight;
}

function drawMessage(message) {
  const item = document.createElement("li");
  item.dataset.sid = message.sid;
  const bubble = document.createElement("div");
  bubble.className = "bubble";
  bubble.dir = "auto";
  bubble.append(...(message.kind === "call" ? ["📞 "] : []), ...withLinks(message.body));
  const meta = document.createElement("div");
  meta.className = "meta";
  item.append(bubble, meta);
  return item;
}

function withLinks(text) {
  return text.split(/(https?:\/\/\S+)/).map((part, index) => {
    if (index % 2 === 0) return part;
    const link = document.createElement("a");
    link.href = part;
    link.textContent = part;
    link.rel = "noopener";
    return link;
  });
}

function describeDelivery(message, isMine) {
  const time = new Date(message.acceptedAt).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const status = isMine ? "sent" : message.status;
  return `${time} · ${status}${message.errorCode ? ` (${message.errorCode})` : ""}`;
}
