// The camp's list of findings, searched on this device: without accents, exact accents first. Same names repeat in such
// lists, so a finding is shown with its code.
"use strict";
import { folded } from "./camp-page.js";

function plain(text) {
  return folded(text.replace(/[^\p{L}\p{N}\p{M}]+/gu, " "));
}

function bare(text) {
  return folded(text).replace(/[^a-z0-9]/g, "");
}

// Rows [code, name] made ready for searching.
export function prepare(rows) {
  return rows.map(([code, name]) => ({ code, name, typed: " " + name.toLowerCase().normalize("NFC"), flat: " " + plain(name), short: bare(code) }));
}

// The rows in which every word that was typed begins a word, or whose code the text begins, with or without its dot. First the very
// code, then codes that begin so, then names with the very accents, then the others; among these names that begin with
// the text (whole words before parts), then shorter codes (an illness before its kinds), then shorter names.
export function search(rows, text, most = 20) {
  const typed = " " + text.toLowerCase().normalize("NFC").replace(/\s+/g, " ").trim();
  const whole = plain(text);
  if (!bare(whole)) return []; // nothing but marks
  const parts = whole.split(" ");
  const short = bare(whole);
  const found = [];
  for (const row of rows) {
    if (!row.short.startsWith(short) && !parts.every((part) => row.flat.includes(" " + part))) continue;
    const rank = row.short === short ? 0 : row.short.startsWith(short) ? 1 : row.typed.includes(typed) ? 2 : 3;
    const begins = 2 - row.flat.startsWith(" " + whole) - (row.flat + " ").startsWith(" " + whole + " ");
    found.push([rank, begins, row.code.length, row.flat.length, row]);
  }
  found.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3] || (a[4].code < b[4].code ? -1 : 1));
  return found.slice(0, most).map((one) => one[4]);
}

// The list from the kit; empty where it cannot be had, since plain words always do.
export async function load(address) {
  try {
    const answer = await fetch(address);
    return answer.ok ? prepare((await answer.json()).rows) : [];
  } catch {
    return [];
  }
}
