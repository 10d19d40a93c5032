// What every station of a camp shows: its words, its rows, its banners, its bar. Knows nothing of sending.
// Words stand in the template: <span data-word="…"> inside #words; a row is a <template> with data-f slots.
"use strict";
const words = document.getElementById("words");
const MOST_SHOWN = 40; // of a queue: who stands further back is not called soon

export function fill(text, values = {}) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// The words of that name in the reader's language, holes filled; "" where the template has none.
export function word(name, values) {
  const held = words?.querySelector(`[data-word="${name}"]`);
  return held ? fill(held.textContent.trim(), values) : "";
}

export function language() {
  return document.documentElement.lang === "en" ? "en" : "vi";
}

// The sentence of {vi, en} or {age_vi, age_en} that this reader reads.
export function own(both, stem = "") {
  return both[(stem ? stem + "_" : "") + language()];
}

export function clock(moment) {
  const zone = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Ho_Chi_Minh" };
  return new Intl.DateTimeFormat("vi", zone).format(new Date(moment));
}

export function minutesSince(moment, now) {
  return Math.max(0, Math.floor((new Date(now) - new Date(moment)) / 60000));
}

// Letters only, without marks and case: what somebody types who leaves the accents out.
export function folded(text) {
  const plain = text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "");
  return plain.replace(/\s+/g, " ").trim();
}

// One row out of a template: every data-f is filled with the value of its name and hidden where there is none, every
// data-if is hidden where its value is false or missing.
export function stamp(id, values) {
  return put(document.getElementById(id).content.firstElementChild.cloneNode(true), values);
}

export function put(whole, values) {
  for (const slot of [whole, ...whole.querySelectorAll("[data-f], [data-if]")]) {
    if (slot.dataset.if) slot.hidden = !values[slot.dataset.if];
    if (!slot.dataset.f) continue;
    const value = values[slot.dataset.f];
    slot.textContent = value ?? "";
    slot.hidden = value === undefined || value === null || value === "";
  }
  return whole;
}

// Rows in the place of a list's rows; who holds the keyboard there keeps it, by data-id.
export function replaceRows(list, rows) {
  const held = list.contains(document.activeElement) ? document.activeElement.closest("[data-id]")?.dataset.id : null;
  list.replaceChildren(...rows);
  if (held) list.querySelector(`[data-id="${held}"]`)?.querySelector("button, a, input")?.focus();
}

// The rows of the first of many, made by `row`, and below the list a button that says how many more there are and shows
// them too.
export function replaceLong(list, many, row) {
  const shown = list.dataset.all ? many : many.slice(0, MOST_SHOWN);
  replaceRows(list, shown.map(row));
  const more = list.parentElement.querySelector("[data-more]");
  more.hidden = shown.length === many.length;
  more.textContent = word("more", { n: many.length - shown.length });
  more.onclick = () => {
    list.dataset.all = "yes";
    replaceLong(list, many, row);
    list.children[MOST_SHOWN]?.querySelector("button")?.focus();
  };
}

// Shows the banner of that name with its holes filled; null takes it away. Several may stand at once.
export function banner(name, values) {
  const one = document.querySelector(`[data-banner="${name}"]`);
  if (!one) return;
  one.hidden = values === null;
  if (values === null) return;
  for (const part of one.querySelectorAll("[data-say]")) {
    const text = fill(part.dataset.say, values);
    if (part.textContent !== text) part.textContent = text;
  }
}

// The picture of a queue class beside a number, for whoever does not read: E a child, U an elder, others none.
export function picture(cls, place) {
  place.dataset.cls = cls;
  for (const shape of place.querySelectorAll("[data-shape]")) shape.toggleAttribute("hidden", shape.dataset.shape !== cls);
}

// The bar: whether the kit answers, how much waits here, when the last copy on the USB stick was verified.
export function bar({ up, pending, backup, backupOk }) {
  document.getElementById("bar").classList.toggle("lost", !up || backupOk === false);
  for (const one of document.querySelectorAll("#net [data-net]")) one.hidden = (one.dataset.net === "up") !== up;
  const waits = document.querySelector("#net [data-waits]");
  waits.hidden = up || !pending;
  waits.textContent = fill(waits.dataset.say, { n: pending });
  const copy = document.getElementById("copy");
  copy.hidden = backup === undefined;
  if (backup === undefined) return;
  const line = copy.querySelector("[data-copy]");
  line.textContent = backup ? fill(line.dataset.copy, { time: clock(backup) }) : line.dataset.none;
}
