// The camp's list of findings, searched on this device: without accents, exact accents first. Same names repeat in such
// lists, so a finding is shown with its code.
"use strict";
import { folded } from "./camp-page.js";

function plain(text) {
  return folded(text.replace(/[^\p{L}\p{N}.]+/gu, " "));
}

// Rows [code, name] made ready for searching.
export function prepare(rows) {
  return rows.map(([code, name]) => ({ code, name, typed: name.toLowerCase().normalize("NFC"), flat: " " + plain(name), short: folded(code) }));
}

// The rows in which every word that was typed begins a word, or begins the code; the closest first.
export function search(rows, text, most = 20) {
  const typed = text.toLowerCase().normalize("NFC").replace(/\s+/g, " ").trim();
  const whole = plain(text);
  if (!whole) return [];
  const parts = whole.split(" ");
  const found = [];
  for (const row of rows) {
    if (!parts.every((part) => row.flat.includes(" " + part) || row.short.startsWith(part))) continue;
    const far = (row.typed.includes(typed) ? 0 : 4) + (row.flat.startsWith(" " + whole) || row.short === whole ? 0 : 2);
    found.push([far, row]);
  }
  found.sort((a, b) => a[0] - b[0] || a[1].flat.length - b[1].flat.length || a[1].code.localeCompare(b[1].code));
  return found.slice(0, most).map(([, row]) => row);
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
