// What is written at a camp lies on the phone sealed: AES-GCM with a key that the kit gives to whoever is signed in.
// The key stands in sessionStorage only, so it goes with the window; what waits stays unreadable until the same person
// signs in on the same device again. A row is sealed for its own id and opens for no other.
"use strict";
const KEY = "camp-key";
const NONCE = 12;
const SAYS_OUT = "camp-out";

function toText(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function toBytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function imported(base64) {
  return crypto.subtle.importKey("raw", toBytes(base64), "AES-GCM", false, ["encrypt", "decrypt"]);
}

// The key of this device and this person, kept in this window; null where there is none.
export async function keptKey(owner) {
  const held = JSON.parse(sessionStorage.getItem(KEY) || "null");
  return held && held.owner === owner ? imported(held.key) : null;
}

export async function takeKey(owner, base64) {
  const key = await imported(base64);
  sessionStorage.setItem(KEY, JSON.stringify({ owner, key: base64 }));
  return key;
}

export function dropKey() {
  sessionStorage.removeItem(KEY);
}

export async function seal(key, id, value) {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const text = new TextEncoder();
  const additionalData = text.encode(id);
  const closed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, text.encode(JSON.stringify(value)));
  const whole = new Uint8Array(NONCE + closed.byteLength);
  whole.set(iv);
  whole.set(new Uint8Array(closed), NONCE);
  return toText(whole);
}

// What was sealed, or null where another key closed it.
export async function unseal(key, id, sealed) {
  const whole = toBytes(sealed);
  const way = { name: "AES-GCM", iv: whole.subarray(0, NONCE), additionalData: new TextEncoder().encode(id) };
  try {
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(way, key, whole.subarray(NONCE))));
  } catch {
    return null;
  }
}

let lastMs = 0;
let inMs = 0;

// UUIDv7: sorts by when it was made, also two of one millisecond and after the device's clock was set back.
export function uuid7() {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    inMs = 0;
  } else if (++inMs > 0xfff) {
    lastMs += 1;
    inMs = 0;
  }
  const random = crypto.getRandomValues(new Uint8Array(8));
  random[0] = (random[0] & 0x3f) | 0x80;
  const tail = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const head = lastMs.toString(16).padStart(12, "0") + "7" + inMs.toString(16).padStart(3, "0");
  return (head + tail).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// Nothing readable stays behind: no key, no page. Sealed rows that wait stay, for whoever can open them.
export async function wipe() {
  sessionStorage.clear();
  if (globalThis.caches) for (const name of await caches.keys()) await caches.delete(name);
}

// Somebody signed out while the kit was away: the kit is told before anything else is done here.
export const owesSignOut = {
  get: () => localStorage.getItem(SAYS_OUT) === "yes",
  set: (yes) => (yes ? localStorage.setItem(SAYS_OUT, "yes") : localStorage.removeItem(SAYS_OUT)),
};
