// Finding somebody at the registrar's desk: at the kit, or without it among those whom this page has heard of. Names
// stay in this page's memory and go with it.
"use strict";
import { folded } from "./camp-page.js";

const MOST = 8;
const known = new Map(); // by who it is: {id, name, born_year, sex, village, seen, visit, ticket}

export function remember(people) {
  for (const one of people) known.set(one.id || one.visit || one.name + one.born_year, one);
}

// People whose name, village and year hold every word that was typed, exact accents first.
export async function find(text, ask) {
  let found = [];
  try {
    const answer = await ask("/people/?q=" + encodeURIComponent(text));
    if (!answer.ok) throw new Error(String(answer.status));
    found = await answer.json();
    remember(found);
  } catch {
    found = among(text);
  }
  return found.slice(0, MOST);
}

function among(text) {
  const wanted = folded(text).split(" ");
  const said = text.toLowerCase().trim();
  const fits = [...known.values()].filter((one) => {
    const row = " " + folded(`${one.name} ${one.village} ${one.born_year ?? ""}`);
    return wanted.every((word) => row.includes(" " + word));
  });
  const rank = (one) => (one.visit ? 0 : 2) + (one.name.toLowerCase().includes(said) ? 0 : 1);
  return fits.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, "vi"));
}

// Everybody whom the commune expects, so that a desk works on when the kit is away.
export async function learn(ask) {
  try {
    const answer = await ask("/people/?all=yes");
    if (answer.ok) remember(await answer.json());
  } catch { /* the next page load tries again */ }
}

// What a card's QR says: the kit reads it whole; without the kit we read name, birth and sex, and no number is kept.
export async function readCard(text, ask) {
  let answer;
  try {
    answer = await ask("/card/", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text }) });
  } catch {
    return readHere(text);
  }
  return answer.ok ? answer.json() : null;
}

function readHere(text) {
  const parts = text.split("|").map((part) => part.trim());
  const citizen = /^(\d{12}|\d{9})$/.test(parts[0]) && parts.length >= 6;
  if (!citizen && parts.length < 4) return null;
  const [name, born, sex] = citizen ? [parts[2], parts[3], parts[4]] : [fromHex(parts[1]), parts[2], parts[3]];
  const digits = born.replace(/\D/g, "");
  const day = digits.length === 8 ? `${digits.slice(4)}-${digits.slice(2, 4)}-${digits.slice(0, 2)}` : null;
  const year = Number(digits.slice(-4)) || null;
  const word = { nam: "male", 1: "male", nữ: "female", 2: "female" }[sex.toLowerCase().normalize("NFC")];
  return { name, born_on: day, born_year: year, sex: word ?? "unknown", card: "", card_end: parts[0].slice(-4), priority: [], expected: null, visit: null };
}

function fromHex(text) {
  if (!/^([0-9a-f]{2})+$/i.test(text)) return text;
  return new TextDecoder().decode(Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16)));
}
