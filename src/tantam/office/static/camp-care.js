// What the stations of care share: how numbers, days and people are written, medicines and their lots, the locked button.
"use strict";
import { language, own, put, word } from "./camp-page.js";

export function num(n, places = 0) {
  const way = { minimumFractionDigits: places, maximumFractionDigits: places };
  return new Intl.NumberFormat(language() === "vi" ? "vi-VN" : "en-GB", way).format(n);
}

// 2027-03-31 → 31/03/2027; with month only 03/2027, as it stands on a box.
export function day(iso) {
  return iso.split("-").reverse().join("/");
}

export function month(iso) {
  return day(iso).slice(3);
}

// Name, age, weight and village of whoever sits here, with what else is to be said in the line below the name.
export function patient(place, visit, more = "") {
  const kilos = visit.vitals?.weight_tenths;
  const weight = kilos ? num(kilos / 10, kilos % 10 ? 1 : 0) + "\u00a0kg" : "";
  const line = [word("sex-" + visit.sex), own(visit, "age"), weight, visit.village].filter(Boolean).join(" · ");
  place.querySelector("[data-cls]").dataset.cls = visit.cls;
  put(place, { ticket: visit.ticket, name: visit.name, line, more });
}

// What triage was told of allergies, as one line; "" for none.
export function allergyLine(vitals) {
  const told = [vitals?.allergy_told.replace(/\.$/, ""), ...(vitals?.allergy_groups ?? [])].filter(Boolean);
  return told.length ? word("allergy", { what: told.join(", ") }) : "";
}

export function medicineOf(view, code) {
  return view.medicines?.find((one) => one.code === code) ?? { code, name: code, strength: "", unit: "", how: "", left: 0, people_left: null };
}

export function named(medicine) {
  const { name, strength } = medicine;
  return !strength || name.endsWith(strength) ? name : `${name} ${strength}`;
}

export function stockLine(medicine) {
  const people = medicine.people_left;
  const left = word("left", { n: num(medicine.left), unit: medicine.unit });
  return people === null || people === undefined ? left : left + " · " + word("left-people", { n: num(people) });
}

// What this device wrote of one lot and the kit has not stored yet, taken off what lies there.
export function unsentUnits(rows, lot) {
  let units = 0;
  for (const { kind, body } of rows) {
    if (kind === "dispensed") for (const one of body.given) if (one.lot === lot) units += one.units;
    if (kind === "written_off" && body.lot === lot) units += body.units;
  }
  return units;
}

// Lots with something in them that may still be handed out on that day, those that expire first before the others.
export function lotsOf(view, medicine, unsent, on) {
  return (view.lots ?? [])
    .filter((lot) => lot.medicine === medicine && lot.expires_on >= on)
    .map((lot) => ({ ...lot, held: lot.held - unsentUnits(unsent, lot.id) }))
    .filter((lot) => lot.held > 0)
    .sort((a, b) => a.expires_on.localeCompare(b.expires_on) || a.id.localeCompare(b.id));
}

// First expired first: [{lot, units}] for so many units, short where the stock is.
export function offer(lots, units) {
  const given = [];
  for (const lot of lots) {
    const some = Math.min(lot.held, units);
    if (some > 0) given.push({ lot, units: some });
    units -= some;
  }
  return given;
}

// A button that says what is missing keeps its place and can be reached; "" opens it.
export function lock(button, missing, instead = "") {
  const why = document.getElementById(button.getAttribute("aria-describedby"));
  button.setAttribute("aria-disabled", missing ? "true" : "false");
  why.textContent = missing;
  if (!button.dataset.open) button.dataset.open = button.textContent.trim();
  button.textContent = missing && instead ? instead : button.dataset.open;
}

export function locked(button) {
  return button.getAttribute("aria-disabled") === "true";
}

// A whole number of at least `least` out of a field, else null.
export function whole(field, least = 1) {
  const text = field.value.trim();
  return /^\d+$/.test(text) && Number(text) >= least ? Number(text) : null;
}
