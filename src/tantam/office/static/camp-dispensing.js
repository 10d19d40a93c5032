// What is handed out for one examination: the lot that expires first is offered and proved by its number on the box; an
// expired lot is never offered. What this device handed out and the kit does not know yet is taken off the stock here.
"use strict";
import { folded, own, put, stamp, word } from "./camp-page.js";
import { allergyLine, day, lock, locked, lotsOf, medicineOf, month, named, num, offer, patient, unsentUnits } from "./camp-care.js";
import { station } from "./camp-station.js";

const FEW_PEOPLE = 10;
const SHORTEST_REASON = 3;
const DONE = station.say.station === "late"; // it was handed out, and is on paper
const form = document.getElementById("dispensing");
const save = document.getElementById("save");
const at = (id) => document.getElementById(id);

let visit = null;
let view = null;
let answers = null; // the examination that is answered
let hands = []; // [{one, parts: [{lot, units, proved}], skipped: lots, reason, refused}]

export const dispensing = { form, open, update, said, missing, owed, ticket: () => visit.ticket, reset: () => (visit = null) };

// Examinations with medicine that nobody has answered, as far as this device knows.
function owed(person) {
  const here = station.unstored().filter((row) => row.kind === "dispensed").map((row) => row.body.examined);
  return person.to_dispense.filter((id) => !here.includes(id));
}

function open(person, now) {
  visit = person;
  view = now;
  answers = person.examined.find((one) => one.fact === owed(person)[0]) ?? null;
  hands = (answers?.prescribed ?? []).map((one) => ({ one, parts: [], skipped: [], reason: "", refused: false }));
  form.reset();
  patient(form, person, word("ask-back"));
  at("allergy").hidden = !allergyLine(person.vitals);
  put(at("allergy"), { title: allergyLine(person.vitals) });
  plan();
  draw();
}

// Lots for every medicine, first expired first; what has been proved stays as it is.
function plan() {
  const taken = new Map();
  const count = (parts) => parts.forEach((part) => taken.set(part.lot.id, (taken.get(part.lot.id) ?? 0) + part.units));
  for (const hand of hands) if (hand.parts.some((part) => part.proved)) count(hand.parts);
  for (const hand of hands) {
    if (hand.parts.some((part) => part.proved)) continue;
    const there = lotsOf(view, hand.one.medicine, station.unstored(), view.camp.on)
      .filter((lot) => !hand.skipped.includes(lot.id))
      .map((lot) => ({ ...lot, held: lot.held - (taken.get(lot.id) ?? 0) }));
    const offered = offer(there, hand.one.units).map((part) => ({ ...part, proved: "" }));
    if (shape(offered) !== shape(hand.parts)) hand.parts = offered; // what is drawn keeps its parts
    if (!hand.refused) count(hand.parts);
    const short = shortOf(hand);
    if (short && !hand.reason && hand.parts.length) hand.reason = reasonOf(hand);
  }
}

function shape(parts) {
  return parts.map((part) => `${part.lot.id}:${part.units}`).join();
}

function shortOf(hand) {
  return hand.one.units - hand.parts.reduce((sum, part) => sum + part.units, 0);
}

function reasonOf(hand) {
  const unit = medicineOf(view, hand.one.medicine).unit;
  return word("short-reason", { n: num(hand.one.units - shortOf(hand)), asked: num(hand.one.units), unit });
}

// What the camp's list says against a medicine and no doctor gave a reason for.
function unexplained(hand) {
  const found = visit.unexplained ?? [];
  return found.filter((one) => one.examined === answers.fact && one.medicine === hand.one.medicine).map((one) => own(one));
}

function draw() {
  at("hands").replaceChildren(...hands.map(handRow));
  label();
  check();
}

function handRow(hand) {
  const medicine = medicineOf(view, hand.one.medicine);
  const short = shortOf(hand);
  const left = medicine.left - view.lots.filter((lot) => lot.medicine === medicine.code).reduce((sum, lot) => sum + unsentUnits(station.unstored(), lot.id), 0);
  const some = { n: num(hand.one.units - short), asked: num(hand.one.units), unit: medicine.unit };
  const few = medicine.people_left !== null && medicine.people_left <= FEW_PEOPLE;
  const row = stamp("hand-row", {
    name: named(medicine),
    units: num(hand.one.units - (hand.refused ? 0 : short)),
    unit: medicine.unit,
    how: hand.one.how,
    short: hand.refused || !short ? "" : word(hand.parts.length ? "only-some" : "none-there", some),
    stock: word("left", { n: num(left), unit: medicine.unit }),
    few: few ? word("few-people", { n: num(medicine.people_left) }) : "",
  });
  row.classList.toggle("proved", !hand.refused && !missingOf(hand));
  row.classList.toggle("refused", hand.refused);
  const against = unexplained(hand).map((text) => Object.assign(document.createElement("li"), { textContent: text }));
  row.querySelector("[data-warned]").hidden = !against.length;
  row.querySelector("[data-warned] ul").replaceChildren(...against);
  if (!hand.refused) row.querySelector(".lots").replaceChildren(...hand.parts.map((part) => lotRow(hand, part, medicine)));
  why(row, hand, short);
  return row;
}

function why(row, hand, short) {
  const place = row.querySelector("[data-why]");
  const text = place.querySelector("textarea");
  place.hidden = !hand.refused && !short;
  text.value = hand.reason;
  text.addEventListener("input", () => {
    hand.reason = text.value.trim();
    row.classList.toggle("proved", !hand.refused && !missingOf(hand));
    check();
  });
  const refuse = row.querySelector("[data-refuse]");
  const give = row.querySelector("[data-give]");
  refuse.hidden = hand.refused || !hand.parts.length;
  give.hidden = !hand.refused;
  const turn = (refused) => {
    hand.refused = refused;
    hand.reason = refused || !shortOf(hand) ? "" : reasonOf(hand);
    again(hand, refused ? "[data-why] textarea" : "[data-refuse]");
  };
  refuse.addEventListener("click", () => turn(true));
  give.addEventListener("click", () => turn(false));
}

// Draws again and gives the keyboard back to the same medicine.
function again(hand, focus) {
  draw();
  at("hands").children[hands.indexOf(hand)].querySelector(focus)?.focus();
}

function lotRow(hand, part, medicine) {
  const several = hand.parts.length > 1 || part.units < hand.one.units;
  const values = { number: part.lot.number, month: month(part.lot.expires_on), n: num(part.units), unit: medicine.unit };
  const row = stamp("lot-row", {
    lot: word(several ? "lot-units" : "lot", values),
    proved: part.proved && word(part.proved),
    prove: part.proved ? "" : word("prove", values),
    first: part === hand.parts[0] ? word("first-out") : "",
  });
  const panel = row.querySelector(".proof");
  const button = row.querySelector("[data-prove]");
  button.hidden = Boolean(part.proved);
  button.addEventListener("click", () => {
    panel.hidden = false;
    panel.querySelector("input").focus();
  });
  const prove = (how) => {
    part.proved = how;
    again(hand, ".lots [data-prove]:not([hidden]), [data-refuse]");
  };
  const input = panel.querySelector("input");
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const wrong = wrongLot(input.value, part, medicine);
    if (!wrong) return prove("by-scan");
    panel.querySelector(".wrong").textContent = wrong;
    panel.querySelector(".wrong").hidden = false;
    input.select();
  });
  panel.querySelector("[data-tap]").addEventListener("click", () => prove("by-tap"));
  panel.querySelector("[data-missing]").addEventListener("click", () => {
    hand.skipped.push(part.lot.id);
    hand.parts = [];
    plan();
    again(hand, "[data-prove]");
  });
  return row;
}

// What is wrong with the number that was scanned or typed; "" where it is this lot's. A code that holds the number among
// other things (an expiry, a product) is the lot's too.
function wrongLot(text, part, medicine) {
  const plain = (one) => folded(one).replace(/[^a-z0-9]/g, "");
  const typed = plain(text);
  if (typed && typed.includes(plain(part.lot.number))) return "";
  const other = view.lots.find((lot) => typed && typed.includes(plain(lot.number)));
  if (other && other.medicine !== medicine.code) return word("other-medicine", { other: other.number });
  if (other && other.expires_on < view.camp.on) return word("expired-lot", { other: other.number, day: day(other.expires_on) });
  return word("wrong-lot", { number: part.lot.number });
}

function label() {
  const given = hands.filter((hand) => !hand.refused && hand.parts.length);
  put(at("label"), { name: visit.name, on: day(view.camp.on), advice: answers?.advice ?? "", camp: view.camp.name });
  const rows = given.map((hand) => {
    const medicine = medicineOf(view, hand.one.medicine);
    const units = word("handed", { n: num(hand.one.units - shortOf(hand)), unit: medicine.unit });
    return stamp("label-row", { name: named(medicine), units, how: hand.one.how });
  });
  at("label").querySelector("ul").replaceChildren(...rows);
  at("label").hidden = at("label-title").hidden = at("print").hidden = !given.length;
}

function missingOf(hand) {
  const name = named(medicineOf(view, hand.one.medicine));
  const needsReason = hand.refused || shortOf(hand) > 0;
  if (needsReason && hand.reason.length < SHORTEST_REASON) return word("need-reason", { name });
  if (!hand.refused && !DONE && unexplained(hand).length) return word("need-word", { name });
  const bare = !hand.refused && hand.parts.find((part) => !part.proved);
  return bare ? word("need-prove", { name, number: bare.lot.number }) : "";
}

// What keeps it from being handed over, in words; "" for nothing.
function missing() {
  if (!answers) return word("not-there");
  return hands.map(missingOf).find(Boolean) ?? (at("asked").checked ? "" : word("need-asked"));
}

function check() {
  if (!visit) return;
  const left = hands.filter((hand) => !hand.refused).flatMap((hand) => hand.parts).filter((part) => !part.proved).length;
  lock(save, missing(), answers && left ? word("to-prove", { n: left }) : "");
}

at("asked").addEventListener("change", check);
at("print").addEventListener("click", () => print());

// The body of the fact, or null while something is missing.
function said() {
  if (locked(save)) return null;
  const out = hands.filter((hand) => !hand.refused);
  const given = out.flatMap((hand) => hand.parts.map((part) => ({ lot: part.lot.id, units: part.units, scanned: part.proved === "by-scan" })));
  const notGiven = hands.filter((hand) => hand.refused || shortOf(hand)).map((hand) => ({ medicine: hand.one.medicine, reason: hand.reason }));
  return { body: { visit: visit.visit, examined: answers.fact, given, not_given: notGiven } };
}

// The stock may change while the form is open: what is not proved yet is offered anew.
function update(now, person) {
  view = now;
  if (!visit || !person || person.visit !== visit.visit || !answers) return;
  if (!person.to_dispense.includes(answers.fact)) {
    answers = null;
    return check();
  }
  const shown = hands.map((hand) => [hand.parts, String(unexplained(hand))]);
  visit = { ...visit, unexplained: person.unexplained };
  plan();
  if (hands.some((hand, nth) => hand.parts !== shown[nth][0] || String(unexplained(hand)) !== shown[nth][1])) draw();
}
