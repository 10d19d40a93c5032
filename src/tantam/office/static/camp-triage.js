// Triage: who is next is called, measured within what an instrument can show, and sent on to the doctor.
"use strict";
import { clock, minutesSince, own, picture, put, replaceLong, replaceRows, stamp, word } from "./camp-page.js";
import { station } from "./camp-station.js";
import { speak } from "./camp-ticket.js";

const RECENT = 6;
const form = document.getElementById("measure");
const by = (id) => document.getElementById(id);
const numbers = [...form.querySelectorAll("[data-low]")];
let current = null; // the visit in front of us: a row of the queue
let mending = null; // {id, visit} of what is being corrected

function desk() {
  return by("desk").value;
}

function showDesks(view) {
  const here = view.desks.filter((one) => one.station === "triage");
  if (here.map((one) => one.id).join() === by("desk").dataset.shown) return;
  by("desk").dataset.shown = here.map((one) => one.id).join();
  by("desk").replaceChildren(...here.map((one) => new Option(one.name, one.id)));
  const kept = sessionStorage.getItem("camp-desk");
  if (here.some((one) => one.id === kept)) by("desk").value = kept;
  by("desk-choice").hidden = here.length < 2;
}

// --- who waits ---------------------------------------------------------------------------------------------------

function said(one) {
  return {
    ticket: one.ticket,
    name: one.name,
    what: [own(one, "age"), word(one.sex), one.village].filter(Boolean).join(" · "),
    help: one.helper ? word("helper", one) : "",
  };
}

// Who waits, without those whom this device measured a moment ago; the desk that asked for somebody, also unsent.
function waitingNow(view) {
  const calls = new Map(station.unstored().filter((row) => row.kind === "called").map((row) => [row.body.visit, row.body.desk]));
  const here = view.queue.filter((one) => !station.written("measured", one.visit));
  return here.map((one) => ({ ...one, desk: calls.get(one.visit) ?? one.called?.desk ?? "" }));
}

function show(view) {
  showDesks(view);
  const rows = waitingNow(view);
  const next = rows.find((one) => !one.desk || one.desk === desk());
  by("next-up").hidden = !next;
  by("nobody").hidden = rows.length > 0;
  by("waiting").textContent = rows.length || "";
  if (next) {
    put(by("next-up"), { ...said(next), call: word("call", next) });
    picture(next.cls, by("next-up").querySelector(".cls"));
    by("call").dataset.visit = next.visit;
  }
  const rest = rows.filter((one) => one !== next);
  replaceLong(by("queue"), rest, (one) => waiter(one, view));
  showRecent(view);
  showGroups(view);
}

function waiter(one, view) {
  const at = view.desks.find((desk) => desk.id === one.desk)?.name;
  const minutes = minutesSince(one.since, view.now);
  const long = minutes >= 120;
  const waits = word(long ? "waited-long" : "waited", { n: long ? Math.floor(minutes / 60) : minutes });
  const when = at ? word("at", { desk: at }) : waits;
  const row = stamp("waiter", { ...said(one), when });
  row.dataset.id = one.visit;
  picture(one.cls, row.querySelector(".cls"));
  row.querySelector("button").addEventListener("click", () => call(one.visit));
  return row;
}

function showRecent(view) {
  const done = view.recent.filter((one) => one.kind === "measured" && one.state === "stored").slice(0, RECENT);
  by("done").hidden = !done.length;
  replaceRows(by("recent"), done.map((one) => {
    const row = stamp("measured", { name: `${one.ticket} · ${one.name}`, at: clock(one.at) });
    row.dataset.id = one.fact;
    row.querySelector("button").addEventListener("click", () => mend(one));
    return row;
  }));
}

function showGroups(view) {
  const groups = view.groups ?? [];
  if (groups.join() === by("groups").dataset.shown) return;
  by("groups").dataset.shown = groups.join();
  by("groups").replaceChildren(...groups.map((name) => {
    const tick = stamp("group", { name });
    tick.querySelector("input").value = name;
    return tick;
  }));
}

// --- one of them -------------------------------------------------------------------------------------------------

async function call(visit) {
  const one = waitingNow(station.view).find((row) => row.visit === visit);
  if (!one || !(await safely(() => station.write("called", { visit, desk: desk() })))) return;
  speak(word("aloud", one));
  open(one);
}

// Whether it lies safe; why not is said in a banner, and what was typed stays.
async function safely(write) {
  try {
    await write();
    return true;
  } catch {
    return false;
  }
}

function open(one) {
  form.reset();
  for (const number of numbers) check(number);
  for (const wrong of form.querySelectorAll(".wrong")) wrong.hidden = true;
  current = one;
  put(by("person"), said(one));
  picture(one.cls, by("person").querySelector(".cls"));
  by("pregnant-line").hidden = one.sex === "male" || one.cls === "E";
  form.elements.pregnant.checked = one.priority.includes("pregnant");
  by("line").hidden = true;
  form.hidden = false;
  scrollTo(0, 0);
  numbers[0].focus({ preventScroll: true });
}

function close() {
  current = mending = null;
  form.hidden = true;
  by("line").hidden = false;
  if (station.view) show(station.view);
  scrollTo(0, 0);
  by("call").focus({ preventScroll: true });
}

function mend(row) {
  const { body } = row;
  open({ visit: body.visit, ticket: row.ticket, name: row.name, cls: /^[EU] /.test(row.ticket) ? row.ticket[0] : "", sex: "", village: "", priority: [], age_vi: "", age_en: "" });
  mending = { id: row.fact, visit: body.visit };
  for (const number of numbers) number.value = shown(body[named(number)], number);
  form.elements.pregnant.checked = body.pregnant;
  form.elements.allergy_told.value = body.allergy_told;
  form.elements.complaint.value = body.complaint;
  for (const tick of form.querySelectorAll("[name=group]")) tick.checked = body.allergy_groups.includes(tick.value);
}

// --- what was measured -------------------------------------------------------------------------------------------

function named(number) {
  return "tenths" in number.dataset ? number.name + "_tenths" : number.name;
}

function shown(value, number) {
  if (value === null || value === undefined) return "";
  return "tenths" in number.dataset ? String(value / 10).replace(".", ",") : String(value);
}

// A whole number (tenths where the instrument shows them), null where nothing was typed, NaN where it is out of range.
function read(number) {
  const typed = number.value.trim().replace(",", ".");
  if (!typed) return null;
  const tenths = "tenths" in number.dataset;
  const right = tenths ? /^\d{1,3}(\.\d)?$/ : /^\d{1,3}$/;
  const value = Number(typed);
  const [low, high] = [number.dataset.low, number.dataset.high].map((end) => Number(end.replace(",", ".")));
  if (!right.test(typed) || value < low || value > high) return NaN;
  return tenths ? Math.round(value * 10) : value;
}

function check(number) {
  const wrong = Number.isNaN(read(number));
  const line = by(number.id + "-range");
  number.setAttribute("aria-invalid", String(wrong));
  line.className = wrong ? "wrong" : "hint";
  line.textContent = word(wrong ? "out" : "range", number.dataset);
  return !wrong;
}

function written() {
  const body = { visit: current.visit };
  for (const number of numbers) {
    const value = read(number);
    if (value !== null) body[named(number)] = value;
  }
  const field = form.elements;
  if (field.pregnant.checked && !by("pregnant-line").hidden) body.pregnant = true;
  const groups = [...form.querySelectorAll("[name=group]:checked")].map((tick) => tick.value);
  if (groups.length) body.allergy_groups = groups;
  for (const name of ["allergy_told", "complaint"]) if (field[name].value.trim()) body[name] = field[name].value.trim();
  return body;
}

async function save(event) {
  event.preventDefault();
  const wrong = numbers.filter((number) => !check(number));
  const body = wrong.length ? null : written();
  const crossed = body && body.systolic !== undefined && body.diastolic !== undefined && body.systolic <= body.diastolic;
  by("crossed").hidden = !crossed;
  by("empty").hidden = !body || Object.keys(body).length > 1;
  const first = wrong[0] ?? (crossed ? numbers[0] : by("empty").hidden ? null : form.elements.complaint);
  if (first) return first.focus();
  by("save").disabled = true;
  if (await safely(() => station.write("measured", body, { corrects: mending?.id }))) close();
  by("save").disabled = false;
}

form.addEventListener("submit", save);
for (const number of numbers) number.addEventListener("change", () => check(number));
by("call").addEventListener("click", () => call(by("call").dataset.visit));
by("back").addEventListener("click", close);
by("desk").addEventListener("change", () => {
  sessionStorage.setItem("camp-desk", desk());
  if (station.view) show(station.view);
});
station.onView(show);
