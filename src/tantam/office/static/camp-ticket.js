// Tickets: which class somebody is of, the next number of this device, and saying it aloud.
"use strict";
import { count } from "./outbox.js";

let spare = 0; // a number of this device's own, taken and not used yet

// E for a child, U for an elder, somebody pregnant, severely disabled or of merit, else none.
export function classOf(priority) {
  if (priority.includes("child")) return "E";
  return priority.length ? "U" : "";
}

// The number that the kit keeps for this device, or without it the device's letter and a number of its own.
export async function nextTicket(cls, station) {
  const kept = station.view?.tickets?.[cls];
  const used = station.unstored().map((row) => row.body.ticket);
  if (kept && !used.includes(kept)) return kept;
  const { camp, device, letter } = station.say;
  spare ||= await count(`tickets:${camp}:${device}`);
  return `${cls} ${letter}${spare}`.trim();
}

export function usedTicket(ticket, letter) {
  if (ticket.endsWith(letter + spare)) spare = 0;
}

// Says it in Vietnamese where the device has such a voice; otherwise the number on the screen is enough.
export function speak(text) {
  const voice = globalThis.speechSynthesis?.getVoices().find((one) => one.lang.startsWith("vi"));
  if (!voice) return;
  const saying = new SpeechSynthesisUtterance(text);
  saying.voice = voice;
  saying.lang = voice.lang;
  speechSynthesis.cancel();
  speechSynthesis.speak(saying);
}
