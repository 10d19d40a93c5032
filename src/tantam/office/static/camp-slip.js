// The slip to take home, out of what doctors found and what the pharmacist handed out.
"use strict";
import { own, put, stamp, word } from "./camp-page.js";
import { day, medicineOf, named, num } from "./camp-care.js";

// The day so many days after another, both as 2026-11-21.
export function later(iso, days) {
  const on = new Date(iso + "T00:00:00Z");
  on.setUTCDate(on.getUTCDate() + days);
  return on.toISOString().slice(0, 10);
}

export function slip(place, visit, view) {
  const examined = visit.examined ?? [];
  const dispensed = visit.dispensed ?? [];
  const lists = {
    findings: examined.flatMap((one) => one.findings.map((each) => each.words)),
    medicines: dispensed.flatMap((one) => together(one.given).map(([code, units]) => medicine(examined, one.examined, code, units, view))),
    missing: dispensed.flatMap((one) => one.not_given).map((one) => word("slip-missing", { name: named(medicineOf(view, one.medicine)), reason: one.reason })),
    next: examined.filter((one) => one.referral).flatMap((one) => next(one.referral, view.camp.on)),
    advice: examined.map((one) => one.advice).filter(Boolean),
  };
  const line = [word("sex-" + visit.sex), own(visit, "age"), visit.village].filter(Boolean).join(", ");
  put(place, { name: visit.name, line, camp: `${view.camp.name}, ${day(view.camp.on)}`, ...Object.fromEntries(Object.entries(lists).map(([name, rows]) => [name, rows.length > 0])) });
  for (const list of place.querySelectorAll("[data-list]")) list.replaceChildren(...lists[list.dataset.list].map((text) => stamp("slip-row", { text })));
}

// Units of one medicine out of several lots, added up.
function together(given) {
  const units = new Map();
  for (const one of given) units.set(one.medicine, (units.get(one.medicine) ?? 0) + one.units);
  return [...units];
}

function medicine(examined, fact, code, units, view) {
  const known = medicineOf(view, code);
  const said = examined.find((one) => one.fact === fact)?.prescribed.find((one) => one.medicine === code);
  return word("slip-medicine", { name: named(known), n: num(units), unit: known.unit, how: said?.how ?? known.how });
}

function next(referral, on) {
  const by = referral.within_days ? word("slip-by", { day: day(later(on, referral.within_days)) }) : word("slip-today");
  return [word("slip-to", referral), word("slip-why", referral), by];
}
