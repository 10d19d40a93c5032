// What waits on this device: rows in IndexedDB, each kept until the office has said that it stored it.
// A row is {id, box, ...}; keeping one twice keeps it once. Nothing here knows what a row is for.
"use strict";
const NAME = "tantam-outbox";
const STORE = "rows";

function open() {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" }).createIndex("box", "box");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

async function run(mode, work) {
  const database = await open();
  try {
    // "strict": the promise is kept only when the row is on the disk, also if the phone dies the next second.
    const change = database.transaction(STORE, mode, { durability: "strict" });
    const answer = work(change.objectStore(STORE));
    await new Promise((done, fail) => {
      change.oncomplete = done;
      change.onerror = change.onabort = () => fail(change.error);
    });
    return answer?.result;
  } finally {
    database.close();
  }
}

export function keep(row) {
  return run("readwrite", (store) => store.put(row));
}

export async function kept(box) {
  const rows = await run("readonly", (store) => store.index("box").getAll(box));
  return rows.sort((a, b) => a.said_at.localeCompare(b.said_at) || a.id.localeCompare(b.id));
}

export function drop(ids) {
  return run("readwrite", (store) => ids.forEach((id) => store.delete(id)));
}

// A number that this device gives once, also after it died between two of them: 1, 2, 3, …
export function count(id) {
  const given = {};
  return run("readwrite", (store) => {
    store.get(id).onsuccess = (event) => {
      given.result = (event.target.result?.n ?? 0) + 1;
      store.put({ id, box: "numbers", n: given.result });
    };
    return given;
  });
}

// crypto.randomUUID does not exist over plain http on a LAN; getRandomValues does.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
