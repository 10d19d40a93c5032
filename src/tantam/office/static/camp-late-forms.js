// The form of each station as it is copied from paper: registration and measurements have their own short ones here, an
// examination and a dispensing are the stations' own.
"use strict";
import { patient } from "./camp-care.js";
import { stamp, word } from "./camp-page.js";
import { uuid7 } from "./camp-sealed.js";

const what = document.getElementById("late").dataset.what;
const form = document.getElementById("copying");
const TICKET = /^(?:[EU] )?[A-Z]{0,2}\d{1,5}$/;
let visit = null;

function field(name) {
  return form.elements[name];
}

const registration = {
  form,
  open: () => {},
  reset: () => form.reset(),
  missing() {
    const full = TICKET.test(field("ticket").value.trim().toUpperCase()) && field("name").value.trim() && field("witness").value.trim();
    return full ? "" : word("need-person");
  },
  said() {
    const text = (name) => field(name).value.trim();
    const year = Number(text("born_year"));
    return {
      body: {
        visit: uuid7(),
        ticket: text("ticket").toUpperCase(),
        name: text("name"),
        born_year: year || null,
        born_about: field("born_about").checked,
        sex: field("sex").value,
        village: text("village"),
        priority: [...form.querySelectorAll("[name=priority]:checked")].map((one) => one.value),
        guardian: text("guardian"),
        helper: text("helper"),
        consent: text("guardian") ? "by_guardian" : "heard",
        witness: text("witness"),
      },
    };
  },
};

// A field's value in the fact's unit; null where it is empty, NaN where it is out of its range.
function measure(input) {
  const text = input.value.trim().replace(",", ".");
  if (!text) return null;
  const value = Math.round(Number(text) * Number(input.dataset.times ?? 1));
  return value >= Number(input.dataset.low) && value <= Number(input.dataset.high) ? value : NaN;
}

const measures = () => [...form.querySelectorAll("[data-low]")];

const measurement = {
  form,
  open(person, view) {
    visit = person;
    form.reset();
    patient(form, person);
    const ticks = (view.groups ?? []).map((name) => {
      const tick = stamp("group-row", { name });
      tick.querySelector("input").value = name;
      return tick;
    });
    document.getElementById("groups").replaceChildren(...ticks);
    document.getElementById("groups").parentElement.hidden = !ticks.length;
  },
  reset: () => (visit = null),
  missing() {
    const wrong = measures().find((input) => Number.isNaN(measure(input)));
    if (wrong) return word("bad-number", { name: wrong.labels[0].textContent });
    const some = measures().some((input) => measure(input) !== null) || field("complaint").value.trim();
    return some ? "" : word("nothing");
  },
  said() {
    const values = Object.fromEntries(measures().map((input) => [input.name, measure(input)]));
    const groups = [...form.querySelectorAll("[name=group]:checked")].map((one) => one.value);
    const told = { allergy_told: field("allergy_told").value.trim(), complaint: field("complaint").value.trim() };
    return { body: { visit: visit.visit, ...values, pregnant: field("pregnant").checked, allergy_groups: groups, ...told } };
  },
};

async function chosen() {
  if (what === "registered") return registration;
  if (what === "measured") return measurement;
  if (what === "examined") return (await import("./camp-examining.js")).examining;
  return what === "dispensed" ? (await import("./camp-dispensing.js")).dispensing : null;
}

export const copying = await chosen();
