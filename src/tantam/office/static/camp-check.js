// The device looks at itself: what the stations need of it. What it finds is shown and told to the kit; nothing else is.
"use strict";
import { canSee } from "./camp-scan.js";
import { count } from "./outbox.js";

const SKEW_LIMIT_S = 120;
const list = document.getElementById("checks");
const verdict = document.getElementById("verdict");

async function stores() {
  try {
    return (await count("check")) > 0 && Boolean(crypto.subtle);
  } catch {
    return false;
  }
}

async function persists() {
  const storage = navigator.storage;
  return Boolean(storage?.persist && ((await storage.persisted()) || (await storage.persist())));
}

async function works() {
  try {
    await navigator.serviceWorker.register("/sw.js");
    return true;
  } catch {
    return false;
  }
}

// The kit's clock against ours, in seconds: positive where this device is ahead; half the way of the answer taken off.
async function skew() {
  const begun = Date.now();
  const answer = await fetch("/check/", { cache: "no-store" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const kit = new Date(page.getElementById("checks").dataset.now).getTime();
  return ((begun + Date.now()) / 2 - kit) / 1000;
}

function show(name, good) {
  const line = list.querySelector(`[data-check="${name}"]`);
  line.hidden = false;
  line.classList.toggle("no", !good && !("may" in line.dataset));
  line.classList.toggle("soon", !good && "may" in line.dataset);
  line.querySelector("small").hidden = good;
  line.querySelector("use").setAttribute("href", "/static/icons.svg#" + (good ? "circle-check" : "alert-triangle"));
}

const skewS = await skew();
document.getElementById("skew").textContent = Math.abs(Math.round(skewS));
const found = {
  secure: isSecureContext,
  storage: await stores(),
  persistent: await persists(),
  camera: canSee(),
  service_worker: await works(),
  wake_lock: "wakeLock" in navigator,
};
for (const [name, good] of Object.entries(found)) show(name, good);
show("skew", Math.abs(skewS) <= SKEW_LIMIT_S);
const bad = list.querySelector(".no");
verdict.textContent = bad ? verdict.dataset.bad : verdict.dataset.good;
verdict.classList.toggle("bad", Boolean(bad));
await fetch("/check/", {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ ...found, skew_s: skewS }),
});
list.dataset.ready = "yes";
