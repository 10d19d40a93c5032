// Paper forms copied in: the same facts, with the number of the form and the time that was written on it.
"use strict";
import { folded, own, replaceRows, stamp, word } from "./camp-page.js";
import { lock, locked } from "./camp-care.js";
import { copying } from "./camp-late-forms.js";
import { station } from "./camp-station.js";

const at = (id) => document.getElementById(id);
const what = at("late").dataset.what;
const NUMBER = /^[A-Z0-9][A-Z0-9-]{0,19}$/;
const TICKETS_SHOWN = 8;
let person = null;
let copied = "";

// Which form it is and when it was written; null while the number or the time is missing.
function form() {
  const paper = at("paper").value.trim().toUpperCase();
  if (!NUMBER.test(paper) || !at("at").value || !station.view) return null;
  return { paper, at: new Date(`${station.view.camp.on}T${at("at").value}:00+07:00`) };
}

function row(visit) {
  const line = stamp("queue-row", {
    ticket: visit.ticket,
    name: visit.name,
    line: [word("sex-" + visit.sex), own(visit, "age"), visit.village].filter(Boolean).join(" · "),
  });
  line.dataset.id = visit.visit;
  line.querySelector("[data-cls]").dataset.cls = visit.cls;
  line.querySelector("button").addEventListener("click", () => open(visit));
  return line;
}

function find() {
  const typed = folded(at("find").value);
  const fits = (one) => folded(one.ticket) === typed || folded(`${one.name} ${one.village}`).includes(typed);
  const found = typed && station.view ? station.view.queue.filter(fits).slice(0, TICKETS_SHOWN) : [];
  replaceRows(at("people"), found.map(row));
  if (!typed || found.length) return;
  const none = document.createElement("li");
  none.textContent = word("nobody-found");
  at("people").append(none);
}

function open(visit) {
  person = visit;
  at("whose").hidden = true;
  copying.form.hidden = false;
  copying.open(visit, station.view);
  check();
  copying.form.querySelector("h2")?.focus();
}

function close(said = "") {
  person = null;
  copying.reset();
  if (at("whose")) {
    at("whose").hidden = false;
    copying.form.hidden = true;
    at("find").value = "";
    find();
  }
  at("done").hidden = !said;
  at("done").querySelector("b").textContent = said;
}

// The station's form says what it lacks itself; the form's number and time are asked for first.
function check() {
  const missing = !form() ? word(NUMBER.test(at("paper").value.trim().toUpperCase()) ? "need-time" : "need-paper") : copying.missing();
  lock(at("save"), missing);
}

async function known() {
  const paper = form()?.paper ?? "";
  check();
  if (!paper || paper === copied) return;
  copied = paper;
  at("copied").hidden = true;
  try {
    const answer = await station.ask(`/late/${encodeURIComponent(paper)}/`);
    const { rows } = await answer.json();
    at("copied").hidden = !rows.some((one) => one.kind === what);
    at("copied").textContent = word("late-copied", { paper });
  } catch { /* the kit is away: it looks again when the rows come */ }
}

async function save(event) {
  event.preventDefault();
  check();
  if (locked(at("save"))) return at("save").focus();
  const { paper, at: written } = form();
  const { body, corrects } = copying.said();
  try {
    await station.write(what, body, { corrects, paper, at: written });
  } catch {
    return; // nobody is signed in or the day is closed: the banner above says which
  }
  const ticket = person?.ticket ?? body.ticket;
  close(word("late-saved", { ticket, paper }));
  at("paper").value = copied = "";
  at("paper").focus();
}

if (what) {
  for (const id of ["paper", "at"]) at(id).addEventListener("change", known);
  for (const id of ["paper", "at"]) at(id).addEventListener("input", () => copying.form.hidden || check());
  at("find")?.addEventListener("input", find);
  copying.form.querySelector("[data-back]")?.addEventListener("click", () => close());
  for (const kind of ["input", "change", "click"]) copying.form.addEventListener(kind, () => check());
  copying.form.addEventListener("submit", save);
  station.onView((view) => {
    copying.update?.(view, person && view.queue.find((one) => one.visit === person.visit));
    if (!copying.form.hidden) check();
  });
}
