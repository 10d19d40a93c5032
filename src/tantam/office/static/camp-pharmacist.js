// The pharmacist's station: who waits, what is handed out, what lies in stock and what was written off.
"use strict";
import { replaceRows, stamp, word } from "./camp-page.js";
import { begin } from "./camp-care-queue.js";
import { day, lock, locked, month, named, num, unsentUnits, whole } from "./camp-care.js";
import { dispensing } from "./camp-dispensing.js";
import { station } from "./camp-station.js";

const at = (id) => document.getElementById(id);
const SHORTEST_REASON = 3;

const list = begin({
  form: dispensing.form,
  opens: dispensing.open,
  shows: (view, person) => {
    dispensing.update(view, person);
    store(view);
  },
  isDone: (visit) => !dispensing.owed(visit).length,
});

dispensing.form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = dispensing.said();
  if (!said) return at("save").focus();
  try {
    await station.write("dispensed", said.body);
  } catch {
    return; // nobody is signed in or the day is closed: the banner above says which
  }
  const ticket = dispensing.ticket();
  dispensing.reset();
  list.close(word("saved", { ticket }));
});

function lotsHere(view) {
  const rows = station.unstored();
  return view.lots.map((lot) => ({ ...lot, held: lot.held - unsentUnits(rows, lot.id) }));
}

function store(view) {
  const lots = lotsHere(view);
  const rows = view.medicines.map((medicine) => {
    const own = lots.filter((lot) => lot.medicine === medicine.code);
    const good = own.filter((lot) => lot.expires_on >= view.camp.on).reduce((sum, lot) => sum + Math.max(0, lot.held), 0);
    const words = own.map((lot) => word("lot", { number: lot.number, month: month(lot.expires_on) }) + ": " + num(lot.held) + (lot.expires_on < view.camp.on ? " (" + word("expired") + ")" : ""));
    const row = stamp("stock-row", {
      name: named(medicine),
      lots: words.join(" · "),
      left: good > 0 ? word("left", { n: num(good), unit: medicine.unit }) : word("none-left"),
      people: good > 0 && medicine.people_left !== null ? word("left-people", { n: num(medicine.people_left) }) : "",
    });
    row.classList.toggle("gone", good <= 0);
    return row;
  });
  replaceRows(at("stock"), rows);
  options(view, lots.filter((lot) => lot.held > 0));
  checkOff();
}

function options(view, lots) {
  const chosen = at("off-lot").value;
  const unit = (lot) => view.medicines.find((one) => one.code === lot.medicine);
  const made = lots.map((lot) => new Option(`${named(unit(lot))} · ${lot.number} · ${day(lot.expires_on)} · ${num(lot.held)} ${unit(lot).unit}`, lot.id));
  at("off-lot").replaceChildren(new Option("", ""), ...made);
  at("off-lot").value = lots.some((lot) => lot.id === chosen) ? chosen : "";
}

function checkOff() {
  const lot = station.view && lotsHere(station.view).find((one) => one.id === at("off-lot").value);
  const units = whole(at("off-units"));
  const full = lot && units && units <= lot.held && at("off-why").value.trim().length >= SHORTEST_REASON;
  lock(at("off-save"), full ? "" : word("need-off"));
}

at("off-form").addEventListener("input", checkOff);
at("off-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (locked(at("off-save"))) return;
  const lot = station.view.lots.find((one) => one.id === at("off-lot").value);
  const medicine = station.view.medicines.find((one) => one.code === lot.medicine);
  const units = whole(at("off-units"));
  try {
    await station.write("written_off", { lot: lot.id, units, reason: at("off-why").value.trim() });
  } catch {
    return;
  }
  at("off-form").reset();
  checkOff();
  at("off-need").textContent = word("written-off", { number: lot.number, n: num(units), unit: medicine.unit });
});
