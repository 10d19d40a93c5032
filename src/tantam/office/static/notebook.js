// The café notebook without network: what is typed stays, what is written lies on this device until it is stored.
// Without this script the same form posts the same line; only writing offline needs it.
"use strict";
import { banner, clock, form, list, markStored, net, root, showLine } from "./notebook-page.js";
import { drop, keep, kept, newId } from "./outbox.js";

const say = root.dataset;
const draftName = "notebook-draft-" + say.event;
let lostSince = null;
let sending = false;
let signedOut = false;
let tick = 0;

async function lost() {
  lostSince = lostSince || new Date();
  net(false);
  const waiting = await kept(say.event);
  banner(waiting.length ? "lost" : "lost-empty", { time: clock(lostSince), n: waiting.length });
}

async function found(sent) {
  const wasLost = lostSince !== null;
  lostSince = null;
  net(true);
  if (sent && wasLost) banner("back", { n: sent });
  else if (wasLost) banner("");
}

async function send() {
  if (sending) return;
  sending = true;
  try {
    const waiting = (await kept(say.event)).filter((row) => !row.refused);
    if (!waiting.length) return lostSince && (await ping());
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    const answer = await fetch(say.lines, {
      method: "POST",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token ? token[1] : form.csrfmiddlewaretoken.value },
      body: JSON.stringify({ device: device(), lines: waiting.slice(0, 100) }),
    });
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return signIn(waiting.length);
    if (!answer.ok) return await lost();
    signedOut = false;
    const { stored, refused } = await answer.json();
    await drop(stored);
    stored.forEach(markStored);
    for (const no of refused) {
      const row = { ...waiting.find((one) => one.id === no.id), refused: no.sentence };
      await keep(row);
      showLine(row);
    }
    await found(stored.length);
    if (navigator.serviceWorker?.controller) fetch(location.pathname); // so that a reload offline shows them too
  } catch {
    await lost();
  } finally {
    sending = false;
  }
}

async function ping() {
  const answer = await fetch("/api/health", { cache: "no-store" });
  if (answer.ok) await found(0);
}

function signIn(count) {
  signedOut = true;
  net(true);
  banner("sign-in", { n: count });
}

function device() {
  let name = localStorage.getItem("device");
  if (!name) localStorage.setItem("device", (name = newId().slice(0, 8)));
  return name;
}

function draft() {
  const now = new FormData(form);
  const row = { guest: now.get("guest"), tone: now.get("tone"), text: now.get("text") };
  localStorage.setItem(draftName, JSON.stringify(row));
}

function restore() {
  const row = JSON.parse(localStorage.getItem(draftName) || "null");
  if (!row) return;
  form.elements.text.value = row.text || "";
  for (const name of ["guest", "tone"]) {
    const choice = form.querySelector(`[name=${name}][value="${row[name]}"]`);
    if (choice) choice.checked = true;
  }
}

form.addEventListener("input", draft);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const written = new FormData(form);
  const text = written.get("text").trim();
  if (!text) return form.elements.text.focus();
  if (!lostSince && !signedOut) banner("");
  const row = {
    id: newId(),
    box: say.event,
    guest: written.get("guest"),
    tone: written.get("tone"),
    text,
    said_at: new Date().toISOString(),
  };
  await keep(row);
  localStorage.removeItem(draftName);
  form.elements.text.value = "";
  form.elements.text.focus();
  showLine(row);
  if (lostSince) await lost();
  await send();
});
form.elements.text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
addEventListener("online", send);
addEventListener("offline", lost);

restore();
for (const row of await kept(say.event)) {
  if (list.querySelector(`[data-id="${row.id}"]`) && !row.refused) await drop([row.id]); // stored before the answer came
  else showLine(row);
}
root.dataset.ready = "yes";
await send();
setInterval(async () => {
  try {
    if (!signedOut && (lostSince || (await kept(say.event)).some((row) => !row.refused))) await send();
    else if (++tick % 4 === 0) await ping(); // nothing waits: now and then is enough to say that the network went
  } catch {
    await lost();
  }
}, 3000);

// The first visit was made before the service worker stood: lay the page and what it loaded beside it now.
if (navigator.serviceWorker && !navigator.serviceWorker.controller) {
  navigator.serviceWorker.register("/sw.js");
  await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType("resource").map((one) => new URL(one.name).pathname);
  const own = loaded.filter((path) => path.startsWith("/static/"));
  const cache = await caches.open("notebook");
  await cache.addAll([...new Set([location.pathname, ...own, "/static/icons.svg"])]);
}
