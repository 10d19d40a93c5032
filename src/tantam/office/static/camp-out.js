// Where nobody is signed in: nothing readable stays on the device, and what still waits, locked, is sent on.
"use strict";
import { fill } from "./camp-page.js";
import { owesSignOut, wipe } from "./camp-sealed.js";
import { boxOf, sendOnce, waiting } from "./camp-sending.js";

const EVERY = 5000;
const place = document.getElementById("left-here");
const box = boxOf(place.dataset.camp);

async function show() {
  const left = (await waiting(box, "")).length;
  place.hidden = !left;
  const line = place.querySelector("[data-say]");
  line.textContent = fill(line.dataset.say, { n: left });
  return left;
}

async function send() {
  try {
    while ((await sendOnce(box, "", fetch, place.dataset.facts)).left);
  } catch { /* the next round tries again */ }
  if (await show()) setTimeout(send, EVERY);
}

// Whoever signed out while the kit was away is signed out there too, before anybody else uses this device.
async function endSession() {
  const said = new FormData();
  said.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  await fetch("/sign-out", { method: "POST", body: said, redirect: "manual" });
  owesSignOut.set(false);
}

await wipe();
if (owesSignOut.get()) await endSession();
if (await show()) await send();
