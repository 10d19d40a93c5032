// Sends the sealed rows of a camp that wait on this device, whoever wrote them: having sealed a row proves who did, so
// no sign-in is needed. A row leaves the device only when the kit said that it stored it, or when somebody has read why
// the kit refused it.
"use strict";
import { drop, keep, kept } from "./outbox.js";

const MOST_ROWS = 100;
const MOST_LETTERS = 1_500_000;

export function boxOf(camp) {
  return "camp:" + camp;
}

// Rows to send, oldest first. One that was refused is asked again only for its writer, who has not read why yet.
export async function waiting(box, member) {
  const rows = await kept(box);
  return rows.filter((row) => !row.refused || (row.member === member && row.refusedBefore !== member));
}

// One post: {stored: ids, refused: [{row, why: {code, vi, en}}], left: how many still wait}. Throws where the kit does
// not answer or is not the kit.
export async function sendOnce(box, member, ask, path) {
  const rows = await waiting(box, member);
  if (!rows.length) return { stored: [], refused: [], left: 0 };
  const part = few(rows);
  const answer = await ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ rows: part.map(({ id, device, member, sealed }) => ({ id, device, member, sealed })) }),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const told = await answer.json();
  if (!told.stored.length && !told.refused.length) throw new Error("the kit said nothing of them");
  await drop(told.stored);
  const refused = told.refused.map(({ id, ...why }) => ({ row: part.find((row) => row.id === id), why }));
  return { stored: told.stored, refused, left: rows.length - told.stored.length - refused.length };
}

function few(rows) {
  const part = [];
  let letters = 0;
  for (const row of rows.slice(0, MOST_ROWS)) {
    letters += row.sealed.length;
    if (part.length && letters > MOST_LETTERS) break;
    part.push(row);
  }
  return part;
}

// The sentence of a refusal is sealed too: it may say what was written.
export function keepRefusal(row, sealedWhy, reader) {
  return keep({ ...row, refused: sealedWhy, refusedBefore: reader });
}
