// The shell of a station of a camp. A station's own script needs this:
//
//   import { station } from "./camp-station.js";
//   station.onView((view) => …)   called with each new view of /view/<station>/, after each own write, and at once if a
//                                 view is there; never with null
//   await station.write("measured", { visit, … }, { corrects, paper, at })
//                                 resolves to the row's id once it lies sealed and safe on this device; it is sent by
//                                 itself. Throws "locked" where nobody has signed in, or the day is closed and it is of
//                                 no paper; "unwritten" where the device keeps nothing more. Both are said in a banner
//   station.unstored()            [{id, kind, body}] that this device wrote and the view cannot know of yet
//   station.written("measured", visit)
//                                 whether one of them is of that kind and visit
//   station.pending               how many rows wait on this device
//   station.up                    whether the kit answered the last time
//   station.view                  the last view, or null (a page that was loaded again without the kit)
//   station.ask(path, options)    fetch, but that “Thử mất mạng” cuts it too; throws where the kit does not answer
//   station.say                   data-* of #station: station, device, letter, member, camp …
//   station.sendNow()             sends what waits and resolves when that was tried
// The page's pieces (words, rows, banners) are in camp-page.js; the page sets data-ready on #station when it can be used.
"use strict";
import { bar, banner, clock, own, put, stamp, word } from "./camp-page.js";
import { dropKey, keptKey, owesSignOut, seal, takeKey, unseal, uuid7, wipe } from "./camp-sealed.js";
import { boxOf, keepRefusal, sendOnce, waiting } from "./camp-sending.js";
import { drop, keep, kept } from "./outbox.js";

const LEAST = 1500; // ms between two looks while something changes
const CALM = 5000; // and while nothing does
const GONE = 8000; // and while the kit does not answer
const PATIENCE = 8000; // ms until an answer is taken for lost

const root = document.getElementById("station");
const say = root.dataset;
const box = boxOf(say.camp);
const owner = `${say.camp}:${say.device}:${say.member}`;
const listeners = [];
const mine = new Map(); // id → row that the last view cannot know of: {id, kind, body, stored}

let key = null;
let rev = "";
let lostSince = null;
let sending = null;
let timer = 0;
let wait = LEAST;
let turn = 0;
let out = false; // nobody is signed in any more

export const station = { say, view: null, pending: 0, up: true, onView, write, written, unstored, ask, sendNow };

function onView(listener) {
  listeners.push(listener);
  if (station.view) listener(station.view);
}

function tell() {
  if (station.view) for (const listener of listeners) listener(station.view);
}

function written(kind, visit) {
  return unstored().some((row) => row.kind === kind && row.body.visit === visit);
}

function unstored() {
  return [...mine.values()];
}

async function ask(path, options = {}) {
  if (sessionStorage.getItem("camp-away") === "yes") throw new TypeError("away");
  return fetch(path, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(PATIENCE), ...options });
}

async function write(kind, body, { corrects, paper, at } = {}) {
  await opening;
  if (!key || (station.view?.kit.closed && !paper)) throw failed("locked");
  const id = uuid7();
  const said = { kind, body, device_at: (at ?? new Date()).toISOString() };
  if (corrects) said.corrects = corrects;
  if (paper) said.paper = paper;
  const sealed = await seal(key, id, said);
  try {
    await keep({ id, box, said_at: "", device: say.device, member: say.member, sealed });
  } catch {
    throw failed("unwritten");
  }
  mine.set(id, { id, kind, body, stored: false });
  banner("back", null);
  await count();
  tell();
  sendNow();
  return id;
}

function failed(why) {
  if (!station.view?.kit.closed) banner(why, {});
  scrollTo(0, 0);
  return new Error(why);
}

function sendNow() {
  sending ??= send().finally(() => (sending = null));
  return sending;
}

async function send() {
  let sent = 0;
  try {
    for (let left = 1; left; ) {
      const told = await sendOnce(box, say.member, ask, say.facts);
      for (const id of told.stored) if (mine.has(id)) mine.get(id).stored = true;
      for (const no of told.refused) await refuse(no);
      sent += told.stored.length;
      left = told.left;
    }
    await count();
    if (sent) {
      found(sent);
      look();
    }
  } catch {
    await lost();
  }
}

async function refuse({ row, why }) {
  const reader = key && row.member === say.member ? say.member : "";
  const read = reader ? await unseal(key, row.id, row.sealed) : null;
  await keepRefusal(row, reader ? await seal(key, row.id, { ...why, kind: read?.kind, at: read?.device_at }) : "other", reader);
  mine.delete(row.id);
  await showRefused();
  tell();
}

async function showRefused() {
  const place = document.getElementById("refused");
  const rows = (await kept(box)).filter((row) => row.refused && row.member === say.member && row.refusedBefore === say.member);
  const shown = [];
  for (const row of rows) {
    const why = key && (await unseal(key, row.id, row.refused));
    if (why) shown.push(refusedRow(row.id, why));
  }
  place.querySelector("ul").replaceChildren(...shown);
  place.hidden = !shown.length;
}

function refusedRow(id, why) {
  const what = word("kind-" + why.kind) || word("kind-other");
  const line = stamp("refused-row", { what, at: why.at ? clock(why.at) : "", sentence: own(why) });
  line.querySelector("button").addEventListener("click", async () => {
    await drop([id]);
    await showRefused();
  });
  return line;
}

async function count() {
  station.pending = (await waiting(box, say.member)).length;
  show();
}

function show() {
  const kit = station.view?.kit;
  bar({ up: station.up, pending: station.pending, backup: kit && (kit.backup_at ?? null), backupOk: kit?.backup_ok });
  const time = lostSince && clock(lostSince);
  banner("lost", lostSince && station.pending ? { time, n: station.pending } : null);
  banner("lost-empty", lostSince && !station.pending ? { time } : null);
}

async function lost() {
  lostSince ??= new Date();
  station.up = false;
  await count();
}

function found(sent = 0) {
  const was = lostSince;
  lostSince = null;
  station.up = true;
  if (was && sent) banner("back", { n: sent });
  show();
}

async function look() {
  clearTimeout(timer);
  if (out) return;
  const now = ++turn;
  const stored = [...mine.values()].filter((row) => row.stored);
  try {
    const answer = await ask(`${say.view}?rev=${encodeURIComponent(rev)}`);
    if (answer.type === "opaqueredirect" || answer.status === 403) return signedOut();
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = await answer.json();
    if (now !== turn) return; // a later look has been sent out: its answer holds
    if (!station.pending) found();
    for (const row of stored) mine.delete(row.id);
    if (!fresh.same) take(fresh);
    if (station.view) standing(fresh);
    if (!key) await unlock();
    if (station.pending) await sendNow();
    wait = fresh.same ? Math.min(1.3 * wait, CALM) : LEAST;
  } catch {
    if (now !== turn) return;
    await lost();
    wait = Math.min(1.5 * wait, GONE);
  }
  if (now !== turn) return;
  timer = setTimeout(look, wait);
}

function take(fresh) {
  rev = fresh.rev;
  station.view = fresh;
  for (const place of document.querySelectorAll("[data-count]")) put(place, fresh.counts).hidden = false;
  document.getElementById("try").hidden = !fresh.camp.made_up;
  tell();
}

// How the kit itself stands, which is told also where nothing was written.
function standing(fresh) {
  Object.assign(station.view, { now: fresh.now, kit: fresh.kit });
  const off = (Date.now() - new Date(fresh.now)) / 1000;
  banner("skew", Math.abs(off) > station.view.skew_limit_s ? { n: Math.round(Math.abs(off) / 60) } : null);
  banner("usb", fresh.kit.backup_ok === false ? { time: fresh.kit.backup_at ? clock(fresh.kit.backup_at) : "–" } : null);
  banner("closed", fresh.kit.closed ? {} : null);
  if (fresh.kit.closed && !station.pending) dropKey();
  show();
}

async function unlock() {
  key = await keptKey(owner);
  if (!key) {
    const answer = await ask(say.key);
    if (!answer.ok) throw new Error(String(answer.status));
    key = await takeKey(owner, (await answer.json()).key);
  }
  banner("locked", null);
  for (const row of await waiting(box, say.member)) {
    const said = row.member === say.member ? await unseal(key, row.id, row.sealed) : null;
    if (said && !mine.has(row.id)) mine.set(row.id, { id: row.id, kind: said.kind, body: said.body, stored: false });
  }
  await showRefused();
}

function signedOut() {
  out = true;
  banner("signed-out", { n: station.pending });
}

async function signOut(event) {
  event.preventDefault();
  const form = event.currentTarget;
  await sendNow();
  if (station.pending && !form.dataset.sure) {
    form.dataset.sure = "yes";
    return banner("leaving", { n: station.pending });
  }
  out = true;
  await wipe();
  owesSignOut.set(true);
  try {
    await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
    owesSignOut.set(false);
  } catch { /* the kit is away: it is told when the next page opens */ }
  location.replace("/");
}

function tryAway(event) {
  const away = sessionStorage.getItem("camp-away") !== "yes";
  sessionStorage.setItem("camp-away", away ? "yes" : "no");
  event.currentTarget.setAttribute("aria-pressed", String(away));
  look();
}

// The first visit was made before the service worker stood: lay the page and what it loaded beside it now.
async function keepShell() {
  const worker = navigator.serviceWorker;
  if (!worker || worker.controller) return;
  await worker.register("/sw.js");
  await worker.ready;
  const loaded = performance.getEntriesByType("resource").map((one) => new URL(one.name).pathname);
  const cache = await caches.open("camp");
  await cache.addAll([...new Set([location.pathname, ...loaded.filter((path) => path.startsWith("/static/"))])]);
}

async function start() {
  const leave = document.getElementById("sign-out");
  if (owesSignOut.get()) {
    await fetch(leave.action, { method: "POST", body: new FormData(leave), redirect: "manual" });
    owesSignOut.set(false);
    return location.replace("/");
  }
  leave.addEventListener("submit", signOut);
  const away = document.getElementById("try");
  away.addEventListener("click", tryAway);
  away.setAttribute("aria-pressed", String(sessionStorage.getItem("camp-away") === "yes"));
  navigator.storage?.persist?.();
  addEventListener("online", look);
  addEventListener("offline", lost);
  keepShell().catch(() => {}); // without it a reload needs the kit, nothing more
  try {
    await unlock();
  } catch {
    banner("locked", {});
  }
  await count();
  root.dataset.ready = "yes";
  look();
}

const opening = start();
