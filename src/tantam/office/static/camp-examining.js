// An examination: findings, prescription, referral, advice. It knows nothing of medicine: bounds and warnings come from
// the camp's signed list, worked out by the kit; a warning is passed only with a written reason.
"use strict";
import { folded, own, put, stamp, word } from "./camp-page.js";
import { allergyLine, lock, locked, medicineOf, named, num, patient, stockLine, whole } from "./camp-care.js";
import { passed } from "./camp-bounds.js";
import { load, search } from "./camp-findings.js";
import { station } from "./camp-station.js";

const form = document.getElementById("examining");
const save = document.getElementById("save");
const at = (id) => document.getElementById(id);
const SHORTEST_REASON = 3;

let codes = [];
let visit = null;
let view = null;
let corrects = null;
let findings = [];
let lines = [];

export const examining = { form, open, update, said, missing, ticket: () => visit.ticket, reset: () => (visit = null) };

load("/codes/").then((rows) => (codes = rows));

// Fills the form for somebody; an examination whose medicine nobody has handed out is corrected, not written twice.
function open(person, now) {
  visit = person;
  view = now;
  const last = person.examined?.at(-1);
  const open = last && (person.to_dispense.includes(last.fact) || (!last.prescribed.length && person.waits_for));
  corrects = open ? last.fact : null;
  findings = open ? [...last.findings] : [];
  lines = open ? last.prescribed.map(lineOf) : [];
  form.reset();
  at("referral").hidden = true;
  at("picker").open = false;
  if (open) fillIn(last);
  patient(form, person);
  allergy(person.vitals);
  vitals(person.vitals);
  at("told").hidden = !person.vitals?.complaint;
  if (!person.limits) askLimits(person);
  put(at("told"), { complaint: word("quoted", { text: person.vitals?.complaint ?? "" }) });
  before(person);
  at("correcting").hidden = !last;
  at("correcting").textContent = open ? word("correct-note") : last ? word("again-note") : "";
  showFindings();
  showLines();
}

// Of somebody far back in the queue the kit is asked for what its list says; until it answers, nothing is prescribed.
async function askLimits(person) {
  try {
    const answer = await station.ask(`/limits/${person.visit}/`);
    if (!answer.ok || visit !== person) return;
    visit = person = Object.assign(person, await answer.json());
    [...at("lines").children].forEach((row, nth) => judge(row, lines[nth]));
    showMedicines();
    check();
  } catch { /* the locked button says so */ }
}

function lineOf(one) {
  const reasons = Object.fromEntries((one.overruled ?? []).map(({ warning, reason }) => [warning, reason]));
  return { medicine: one.medicine, units: String(one.units), a_day: one.a_day ? String(one.a_day) : "", how: one.how, reasons };
}

function fillIn(last) {
  at("advice").value = last.advice ?? "";
  if (!last.referral) return;
  at("referral").hidden = false;
  at("to").value = last.referral.to;
  at("why-go").value = last.referral.why;
  at("days").value = last.referral.within_days;
}

function allergy(vitals) {
  const line = allergyLine(vitals);
  at("allergy").hidden = !line;
  at("allergy-none").textContent = line ? "" : word(vitals ? "no-allergy" : "not-asked");
  put(at("allergy"), { title: line });
}

function vitals(one) {
  const tenths = (n) => n && num(n / 10, 1);
  const pressure = one?.systolic && `${one.systolic}/${one.diastolic ?? "–"}`;
  const rows = [
    ["systolic", pressure],
    ["pulse", one?.pulse],
    ["temperature", one?.temperature_tenths && tenths(one.temperature_tenths) + "\u00a0°C"],
    ["oxygen", one?.oxygen && one.oxygen + "\u00a0%"],
    ["height", one?.height_cm && one.height_cm + "\u00a0cm"],
    ["pregnant", one?.pregnant && word("yes")],
  ];
  const optional = ["height", "pregnant"];
  const shown = rows.filter(([what, value]) => value || !optional.includes(what));
  at("vitals").replaceChildren(
    ...shown.map(([what, value]) => {
      const cell = stamp("vital", { what: word(what), value: value ? String(value) : word("not-measured") });
      cell.classList.toggle("none", !value);
      return cell;
    }),
  );
}

function before(person) {
  const rows = earlier(person).map((one) =>
    stamp("before-row", {
      found: one.findings.map((each) => each.words).join("; "),
      medicines: one.prescribed.map((each) => `${named(medicineOf(view, each.medicine))}: ${num(each.units)}`).join(" · "),
    }),
  );
  at("before").hidden = !rows.length;
  at("before").querySelector("ul").replaceChildren(...rows);
}

// --- findings

function showFindings() {
  const rows = findings.map((one, nth) => {
    const row = stamp("finding-row", { code: one.code, words: one.words, out: word("take-out", { name: one.words }) });
    row.querySelector("button").addEventListener("click", () => {
      findings.splice(nth, 1);
      showFindings();
      at("finding").focus();
    });
    return row;
  });
  at("findings").replaceChildren(...rows);
  check();
}

function look() {
  const text = at("finding").value.trim();
  const rows = search(codes, text).map(({ code, name }) => choice({ code, words: name }));
  if (text) rows.push(choice({ code: "", words: text }, word("in-words", { text })));
  rows.forEach((row, nth) => (row.id = "found-" + nth));
  at("found").replaceChildren(...rows);
  at("found").hidden = !rows.length;
  at("finding").setAttribute("aria-expanded", String(rows.length > 0));
  point(0);
}

function choice(finding, shown = finding.words) {
  const row = stamp("found-row", { code: finding.code, words: shown });
  row.addEventListener("mousedown", (event) => event.preventDefault());
  row.addEventListener("click", () => {
    if (!findings.some((one) => one.code === finding.code && one.words === finding.words)) findings.push(finding);
    at("finding").value = "";
    look();
    showFindings();
  });
  return row;
}

function point(nth) {
  const rows = [...at("found").children];
  rows.forEach((row, n) => row.setAttribute("aria-selected", String(n === nth)));
  rows[nth]?.scrollIntoView({ block: "nearest" });
  if (rows[nth]) at("finding").setAttribute("aria-activedescendant", rows[nth].id);
  else at("finding").removeAttribute("aria-activedescendant");
}

at("finding").addEventListener("input", look);
at("finding").addEventListener("keydown", (event) => {
  const rows = [...at("found").children];
  const chosen = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  if (event.key === "Enter") {
    event.preventDefault();
    rows[chosen]?.click();
  } else if (event.key === "Escape") {
    at("finding").value = "";
    look();
  } else if (rows.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    point((chosen + (event.key === "ArrowDown" ? 1 : rows.length - 1)) % rows.length);
  }
});

// --- medicines

// What the camp's list says against this line: its own warnings for this person, and its bounds where they are passed;
// units of the same medicine from an examination earlier in the day count together. The codes are the kit's.
function warnings(line) {
  const unit = medicineOf(view, line.medicine).unit;
  const same = earlier(visit).flatMap((one) => one.prescribed).filter((one) => one.medicine === line.medicine);
  const asked = { units: Number(line.units), a_day: line.a_day ? Number(line.a_day) : null };
  return passed(visit.limits?.[line.medicine], asked, same).map((one) => {
    const sentence = one.most ? word(one.code, { n: num(one.most), unit, asked: num(one.asked) }) : own(one);
    return { code: one.code, sentence };
  });
}

function earlier(person) {
  return (person.examined ?? []).filter((one) => one.fact !== corrects);
}

function bound(line) {
  const limit = visit.limits?.[line.medicine];
  const unit = medicineOf(view, line.medicine).unit;
  const parts = [];
  if (limit?.most_a_day) parts.push(word("bound-day", { n: num(limit.most_a_day), unit }));
  if (limit?.most_in_all) parts.push(word("bound-all", { n: num(limit.most_in_all), unit }));
  return parts.length ? word("bound", { what: parts.join(", ") }) : word("no-bound");
}

function showLines() {
  at("lines").replaceChildren(...lines.map(lineRow));
  showMedicines();
  check();
}

function lineRow(line) {
  const medicine = medicineOf(view, line.medicine);
  const name = named(medicine);
  const row = stamp("line-row", { name, unit: medicine.unit, unit2: medicine.unit, out: word("take-out", { name }), short: "" });
  for (const input of row.querySelectorAll("[data-in]")) {
    input.value = line[input.dataset.in];
    input.addEventListener("input", () => {
      line[input.dataset.in] = input.value.trim();
      judge(row, line);
      check();
    });
  }
  row.querySelector("[data-out]").addEventListener("click", () => {
    lines.splice(lines.indexOf(line), 1);
    showLines();
    at("picker").querySelector("summary").focus();
  });
  judge(row, line);
  return row;
}

// The warnings of one line, with a place for a reason beside each; what was typed there stays.
function judge(row, line) {
  const medicine = medicineOf(view, line.medicine);
  const found = warnings(line);
  const asked = Number(line.units);
  put(row, { name: named(medicine), unit: medicine.unit, unit2: medicine.unit, out: word("take-out", { name: named(medicine) }),
    stock: stockLine(medicine), bound: bound(line),
    short: asked > medicine.left ? word("short", { n: num(medicine.left), unit: medicine.unit }) : "" });
  const codes = found.map((one) => one.code).join();
  const said = found.map((one) => Object.assign(document.createElement("li"), { textContent: one.sentence }));
  row.querySelector("[data-warned] ul").replaceChildren(...said);
  if (row.dataset.codes === codes) return;
  row.dataset.codes = codes;
  row.classList.toggle("has-warning", found.length > 0);
  row.querySelector("[data-warned]").hidden = !found.length;
  row.querySelector("[data-reasons]").replaceChildren(...found.map((one) => reason(line, one, found.length > 1)));
}

function reason(line, { code, sentence }, several) {
  const place = stamp("reason-row", {});
  place.querySelector("small").textContent = several ? sentence : "";
  const text = place.querySelector("textarea");
  text.value = line.reasons[code] ?? "";
  text.addEventListener("input", () => {
    line.reasons[code] = text.value.trim();
    check();
  });
  return place;
}

function showMedicines() {
  const typed = folded(at("pick").value);
  const among = view.medicines.filter((one) => folded(`${named(one)} ${one.form}`).includes(typed));
  const rows = among.filter((one) => !lines.some((line) => line.medicine === one.code)).map(medicineRow);
  at("medicines").replaceChildren(...rows);
  at("pick-word").textContent = word("pick-more", { n: num(view.medicines.filter((one) => one.left > 0).length) });
}

function medicineRow(medicine) {
  const none = medicine.left <= 0;
  const row = stamp("medicine-row", {
    name: named(medicine),
    form: medicine.form,
    stock: none ? word("none-left") : stockLine(medicine),
    warns: visit.limits?.[medicine.code]?.warnings?.length ? word("has-warning") : "",
  });
  row.classList.toggle("gone", none);
  const button = row.querySelector("button");
  button.setAttribute("aria-disabled", String(none));
  button.addEventListener("click", () => {
    if (none) return;
    lines.push({ medicine: medicine.code, units: "", a_day: "", how: medicine.how ?? "", reasons: {} });
    at("picker").open = false;
    at("pick").value = "";
    showLines();
    at("lines").lastElementChild.querySelector("[data-in=units]").focus();
  });
  return row;
}

at("pick").addEventListener("input", showMedicines);
at("pick").addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());

// --- referral, and whether it can be written

function refer(on) {
  at("referral").hidden = !on;
  if (on) at("to").focus();
  else for (const id of ["to", "why-go", "days"]) at(id).value = "";
  check();
}

at("refer").addEventListener("click", () => refer(true));
at("no-referral").addEventListener("click", () => refer(false));
form.addEventListener("input", () => check());

function missing() {
  if (!findings.length) return word("need-finding");
  if (lines.length && !visit.limits) return word("need-limits");
  for (const line of lines) {
    const medicine = medicineOf(view, line.medicine);
    const name = named(medicine);
    if (!/^[1-9]\d*$/.test(line.units)) return word("need-units", { name, unit: medicine.unit });
    if (line.a_day && !/^[1-9]\d*$/.test(line.a_day)) return word("need-units", { name, unit: medicine.unit });
    if (!line.how.trim()) return word("need-how", { name });
    const bare = warnings(line).some(({ code }) => (line.reasons[code] ?? "").length < SHORTEST_REASON);
    if (bare) return word("need-reason", { name });
  }
  if (at("referral").hidden) return "";
  const full = at("to").value.trim() && at("why-go").value.trim() && whole(at("days"), 0) !== null;
  return full ? "" : word("need-referral");
}

function check() {
  if (!visit) return;
  at("refer").hidden = !at("referral").hidden;
  save.dataset.open = word(corrects ? "done-correct" : lines.length ? "done-dispense" : "done");
  lock(save, missing());
}

// The body of the fact, or null while something is missing.
function said() {
  if (locked(save)) return null;
  const referral = { to: at("to").value.trim(), why: at("why-go").value.trim(), within_days: whole(at("days"), 0) };
  return {
    body: {
      visit: visit.visit,
      findings,
      prescribed: lines.map(prescribed),
      referral: at("referral").hidden ? null : referral,
      advice: at("advice").value.trim(),
    },
    corrects,
  };
}

function prescribed(line) {
  const overruled = warnings(line).map(({ code }) => ({ warning: code, reason: line.reasons[code] }));
  return { medicine: line.medicine, units: Number(line.units), a_day: line.a_day ? Number(line.a_day) : null, how: line.how.trim(), overruled };
}

// The stock and the limits may change while the form is open; what was typed stays.
function update(now, person) {
  view = now;
  if (!visit || !person || person.visit !== visit.visit) return;
  visit = { ...visit, limits: person.limits ?? visit.limits };
  [...at("lines").children].forEach((row, nth) => judge(row, lines[nth]));
  if (!at("picker").contains(document.activeElement)) showMedicines();
  check();
}
