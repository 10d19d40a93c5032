// The last station: the slip, going home, and what people want to say.
"use strict";
import { word } from "./camp-page.js";
import { begin } from "./camp-care-queue.js";
import { lock, locked, patient } from "./camp-care.js";
import { uuid7 } from "./camp-sealed.js";
import { slip } from "./camp-slip.js";
import { station } from "./camp-station.js";

const at = (id) => document.getElementById(id);
const form = at("leaving");
const SHORTEST_REASON = 3;
let visit = null;

const list = begin({
  form,
  opens: open,
  shows: (view, person) => visit && person && show(person, view),
  isDone: (one) => station.written("left", one.visit),
  seen: (one) => !station.written("left", one.visit),
  closes: () => whose(null),
});

function open(person, view) {
  form.reset();
  whose(person);
  show(person, view);
}

// What others write about them while the form is open appears on the slip.
function show(person, view) {
  visit = person;
  const early = person.waits_for !== "exit";
  patient(form, person);
  slip(at("slip"), person, view);
  at("still").hidden = !early;
  at("still").textContent = early ? word("still-waits", { station: word("station-" + person.waits_for) }) : "";
  at("early-part").hidden = !early;
  at("slip").hidden = at("print").hidden = early && !person.examined.length;
  check();
}

function whose(person) {
  visit = person;
  at("voice-of").textContent = person ? word("voice-of", person) : word("voice-of-nobody");
}

function check() {
  if (!visit) return;
  const early = !at("early-part").hidden && at("early").value.trim().length < SHORTEST_REASON;
  const slipOwed = at("early-part").hidden && !at("has-slip").checked;
  lock(at("save"), early ? word("need-early") : slipOwed ? word("need-slip") : "");
}

form.addEventListener("input", check);
at("print").addEventListener("click", () => print());
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (locked(at("save"))) return at("save").focus();
  const early = at("early-part").hidden ? "" : at("early").value.trim();
  try {
    await station.write("left", { visit: visit.visit, slip: at("has-slip").checked, early });
  } catch {
    return; // nobody is signed in or the day is closed: the banner above says which
  }
  const ticket = visit.ticket;
  list.close(word("saved", { ticket }));
});

function checkVoice() {
  lock(at("voice-save"), at("words-said").value.trim() ? "" : word("need-words"));
  if (at("words-said").value) at("voice-done").hidden = true;
}

at("voicing").addEventListener("input", checkVoice);
at("voicing").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (locked(at("voice-save"))) return;
  const tone = at("voicing").elements.tone.value;
  const said = { id: uuid7(), tone, words: at("words-said").value.trim(), spoken: at("spoken").checked, publish: at("publish").checked };
  try {
    await station.write("voiced", visit ? { ...said, visit: visit.visit } : said);
  } catch {
    return;
  }
  at("voicing").reset();
  at("voice-done").hidden = false;
  lock(at("voice-save"), word("need-words"));
});

whose(null);
checkVoice();
