// The registrar's desk: a card or a name, what goes first, consent heard, a number given. Works on without the kit.
"use strict";
import { picture, put, stamp, word } from "./camp-page.js";
import { find, learn, readCard, remember } from "./camp-people.js";
import { canSee, see } from "./camp-scan.js";
import { uuid7 } from "./camp-sealed.js";
import { station } from "./camp-station.js";
import { classOf, nextTicket, speak, usedTicket } from "./camp-ticket.js";

const MINOR_UNDER = 18;
const PAUSE = 150; // ms after a letter before we search; a hand scanner types faster
const form = document.getElementById("desk");
const field = form.elements;
const names = document.getElementById("names");
const by = (id) => document.getElementById(id);

let person = null; // whom of the list, or null: somebody new
let card = null; // what a card said
let scanned = false;
let mending = null; // {id, ticket, visit} of what is being corrected
let given = null; // what was written last: {id, body}
let ticket = "";
let timer = 0;
let camera = null;
let searched = 0;

function year() {
  const typed = Number(field.year.value);
  return Number.isInteger(typed) && typed >= 1890 && typed <= 2100 ? typed : null;
}

function age() {
  const today = new Date(station.view?.camp.on ?? Date.now()).getFullYear();
  return year() === null ? null : today - year();
}

function priority() {
  return [...field.priority].filter((tick) => tick.checked).map((tick) => tick.value);
}

// --- who it is ---------------------------------------------------------------------------------------------------

async function search() {
  const typed = field.name.value.trim();
  const turn = ++searched;
  if (typed.includes("|")) return scan(typed);
  if (typed.length < 2) return list([]);
  const found = await find(`${typed} ${field.year.value}`.trim(), station.ask);
  if (turn === searched) list(found);
}

function list(found) {
  const rows = found.map((one) => {
    const what = [one.born_year, word(one.sex), one.village].filter(Boolean).join(" · ");
    return choice(stamp("found", { name: one.name, what, seen: one.visit ? word("here-today") : one.seen }), one);
  });
  const typed = field.name.value.trim();
  if (typed) rows.push(choice(stamp("new", { name: word("new", { name: typed }) }), null));
  names.replaceChildren(...rows);
  names.hidden = !rows.length;
  by("more").hidden = Boolean(found.length) || !typed;
  if (!found.length) person = null;
}

function choice(row, one) {
  row.querySelector("button").addEventListener("click", () => {
    take(one);
    for (const other of names.querySelectorAll("button")) other.setAttribute("aria-pressed", String(row.contains(other)));
  });
  return row;
}

function take(one) {
  person = one;
  by("more").hidden = one !== null;
  if (one) {
    field.name.value = one.name;
    field.year.value = one.born_year ?? "";
    field.sex.value = one.sex;
    field.village.value = one.village;
  } else field.sex.value ||= "";
  isHere(one?.visit ? one : null);
  guess();
}

// Somebody who was registered already, here or at another desk, is shown with the first number before anything is saved.
function isHere(one) {
  by("here").hidden = !one;
  if (one) put(by("here"), { title: word("already", one), first: one.ticket ? word("already-no", one) : "" });
}

// What the year says: a child, an elder, a minor. The registrar may tick otherwise.
function guess(hints = null) {
  const years = age();
  for (const tick of field.priority) {
    if (hints?.includes(tick.value)) tick.checked = true;
    if (tick.dataset.touched) continue;
    if (tick.value === "child") tick.checked = years !== null && years < Number(tick.dataset.under);
    if (tick.value === "elder") tick.checked = years !== null && years >= Number(tick.dataset.from);
  }
  const minor = years !== null && years < MINOR_UNDER;
  by("guardian-field").hidden = !minor;
  form.querySelector("[data-minor]").hidden = !minor;
  form.querySelector("[data-adult]").hidden = minor;
  return number();
}

async function number() {
  ticket = mending?.ticket ?? (await nextTicket(classOf(priority()), station));
  by("next").textContent = ticket;
}

// --- a card ------------------------------------------------------------------------------------------------------

async function scan(text) {
  clearTimeout(timer);
  searched += 1;
  field.name.value = "";
  const read = await readCard(text, station.ask);
  by("bad-card").hidden = read !== null;
  if (!read) return field.name.focus();
  card = read;
  scanned = true;
  const told = { name: read.name, born_year: read.born_year, sex: read.sex, visit: read.visit, ticket: read.ticket };
  const one = { id: "", village: read.address ?? "", ...read.expected, ...told };
  list([one]);
  names.querySelector("button").click();
  await guess(read.priority);
  (by("guardian-field").hidden ? field.consent : field.guardian).focus();
}

async function useCamera() {
  by("scan-hint").hidden = canSee();
  if (!canSee()) return field.name.focus();
  camera = new AbortController();
  by("camera").hidden = false;
  try {
    const text = await see(by("camera").querySelector("video"), camera.signal);
    if (text) await scan(text);
  } catch {
    by("scan-hint").hidden = false;
    field.name.focus();
  } finally {
    by("camera").hidden = true;
  }
}

// --- saving ------------------------------------------------------------------------------------------------------

// What stands in the way: the field to go to, or null.
function missing() {
  const name = field.name.value.trim();
  const guardian = !by("guardian-field").hidden && !field.guardian.value.trim();
  by("no-name").hidden = Boolean(name);
  by("no-guardian").hidden = !guardian;
  by("no-consent").hidden = field.consent.checked;
  if (!name) return field.name;
  if (guardian) return field.guardian;
  return field.consent.checked ? null : field.consent;
}

function written() {
  const minor = !by("guardian-field").hidden;
  const body = {
    visit: mending?.visit ?? uuid7(),
    ticket,
    name: field.name.value.trim().replace(/\s+/g, " ").slice(0, 120),
    consent: minor ? "by_guardian" : "heard",
    sex: field.sex.value || "unknown",
    priority: priority(),
    scanned,
    born_about: field.about.checked,
  };
  const born = year();
  if (born !== null) body.born_year = born;
  if (card?.born_on && card.born_year === born) body.born_on = card.born_on;
  for (const name of ["village", "guardian", "helper", "witness"]) {
    const said = field[name].value.trim();
    if (said && (name !== "guardian" || minor)) body[name] = said;
  }
  if (person?.id) body.expected = person.id;
  if (card) Object.assign(body, { card: card.card, card_end: card.card_end });
  if (by("know")?.checked && field.know_me.value.trim()) body.know_me = field.know_me.value.replace(/[^\d+]/g, "");
  return body;
}

async function save(event) {
  event.preventDefault();
  const first = missing();
  if (first) return first.focus();
  by("save").disabled = true;
  try {
    await number();
    const body = written();
    const id = await station.write("registered", body, { corrects: mending?.id });
    usedTicket(body.ticket, station.say.letter);
    remember([{ id: body.expected ?? "", name: body.name, born_year: body.born_year ?? null, sex: body.sex, village: body.village ?? "", seen: "", visit: body.visit, ticket: body.ticket }]);
    given = { id, body };
    showTicket();
  } catch { /* said in a banner; what was typed stays */
  } finally {
    by("save").disabled = false;
  }
}

function showTicket() {
  const { body } = given;
  const place = by("ticket");
  place.dataset.cls = classOf(body.priority);
  picture(place.dataset.cls, place.querySelector(".cls"));
  by("its-number").textContent = body.ticket;
  place.querySelector(".its-name").textContent = body.name;
  form.hidden = true;
  place.hidden = false;
  by("another").focus();
  scrollTo(0, 0);
  speak(word("aloud", body));
}

function next() {
  form.reset();
  person = card = mending = null;
  scanned = false;
  for (const tick of field.priority) delete tick.dataset.touched;
  for (const one of ["here", "more", "guardian-field", "know-field", "bad-card"]) if (by(one)) by(one).hidden = true;
  for (const wrong of form.querySelectorAll(".wrong")) wrong.hidden = true;
  by("needs").open = false;
  list([]);
  by("ticket").hidden = true;
  form.hidden = false;
  field.name.focus();
  guess();
}

function mend() {
  const { id, body } = given;
  next();
  mending = { id, visit: body.visit, ticket: body.ticket };
  person = body.expected ? { id: body.expected } : null;
  scanned = body.scanned;
  if (body.card_end) card = body;
  for (const name of ["name", "village", "guardian", "helper", "witness", "sex"]) field[name].value = body[name] ?? "";
  field.year.value = body.born_year ?? "";
  field.about.checked = body.born_about;
  for (const tick of field.priority) {
    tick.checked = body.priority.includes(tick.value);
    tick.dataset.touched = "yes";
  }
  field.consent.checked = true;
  by("more").hidden = false;
  guess();
}

// --- what is pressed ---------------------------------------------------------------------------------------------

form.addEventListener("submit", save);
for (const typed of [field.name, field.year]) {
  typed.addEventListener("input", () => {
    clearTimeout(timer);
    if (typed === field.name) isHere((person = null));
    timer = setTimeout(search, PAUSE);
    guess();
  });
  typed.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    clearTimeout(timer);
    if (field.name.value.includes("|")) scan(field.name.value);
    else (typed === field.name ? field.year : names.querySelector("button") ?? field.consent).focus();
  });
}
for (const tick of field.priority) {
  tick.addEventListener("change", () => {
    tick.dataset.touched = "yes";
    number();
  });
}
by("know")?.addEventListener("change", () => (by("know-field").hidden = !by("know").checked));
by("scan").addEventListener("click", useCamera);
by("camera-off").addEventListener("click", () => camera?.abort());
by("another").addEventListener("click", next);
by("print").addEventListener("click", () => print());
by("aloud").addEventListener("click", () => speak(word("aloud", given.body)));
by("mend").addEventListener("click", mend);
station.onView(number);
number();
learn(station.ask);
