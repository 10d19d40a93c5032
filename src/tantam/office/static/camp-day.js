// The end of the day: counts are written as facts like all else; then the page is asked for again, with what differs.
"use strict";
import { word } from "./camp-page.js";
import { lock, locked, whole } from "./camp-care.js";
import { station } from "./camp-station.js";

const at = (id) => document.getElementById(id);
const SHORTEST_REASON = 3;
const TRIES = 5;
const fields = [...document.querySelectorAll("[data-lot]")];
let saved = false; // counts were written and the sheet does not show them yet

// The sheet with the new counts, once the kit has them all.
function reload() {
  if (!saved || station.pending) return;
  saved = false;
  location.reload();
}

function changed() {
  return fields.filter((field) => field.value.trim() !== field.dataset.counted);
}

function check() {
  const wrong = changed().some((field) => whole(field, 0) === null);
  lock(at("count"), wrong ? word("bad-count") : changed().length ? "" : word("need-counts"));
  if (at("close")) lock(at("close"), missing());
}

function missing() {
  const bare = fields.filter((field) => field.dataset.counted === "" && !field.value.trim()).length;
  if (bare) return word("close-uncounted", { n: bare });
  if (changed().length) return word("close-unsaved");
  const silent = [...document.querySelectorAll("[name^=why-]")].filter((one) => one.value.trim().length < SHORTEST_REASON).length;
  if (silent) return word("close-reason", { n: silent });
  const pins = [...document.querySelectorAll("[name$=_pin]")].every((one) => one.value);
  return pins ? "" : word("close-pins");
}

at("closing").addEventListener("input", check);
at("closing").addEventListener("submit", (event) => {
  if (at("close") && locked(at("close"))) event.preventDefault();
});
at("print").addEventListener("click", () => print());
at("count").addEventListener("click", async () => {
  if (locked(at("count"))) return;
  try {
    for (const field of changed()) {
      await station.write("counted", { lot: field.dataset.lot, units: whole(field, 0) });
      field.dataset.counted = field.value.trim();
    }
  } catch {
    return; // nobody is signed in: the banner above says so
  }
  saved = true;
  for (let tries = 0; tries < TRIES && station.pending; tries += 1) await station.sendNow(); // one may be under way
  reload();
  check();
  at("count-why").textContent = word("count-waits");
});
station.onView(reload);
check();
