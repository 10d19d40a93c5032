// Keeps the stations of a kit readable when a page is loaded again without the laptop: the empty shells, what they are
// made of, and the list of findings' names. Never what was written of anybody: views and people go to the kit or nowhere.
"use strict";
const KEPT = "camp";
const SHELLS = /^\/(station\/[a-z]+\/|codes\/|static\/.+)$/;
const LEAVING = /^\/($|sign-out|enter\/)/;
const AWAY =
  "<!doctype html><html lang=vi><meta charset=utf-8><meta name=viewport content='width=device-width'><title>Tận Tâm</title>" +
  "<h1>Máy này đã khóa</h1><p>Vào mạng trại rồi tải lại trang để đăng nhập. Dòng đã ghi vẫn nằm an toàn trong máy.</p>" +
  "<p lang=en>This device is locked. Join the camp network and reload to sign in. What was written is safe on it.</p></html>";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  // Whoever signs out, or meets the sign-in page, leaves no page behind on this device.
  if (LEAVING.test(url.pathname)) event.waitUntil(caches.delete(KEPT));
  if (request.method !== "GET") return;
  if (SHELLS.test(url.pathname)) event.respondWith(freshOrKept(request));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(away));
});

async function freshOrKept(request) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected && answer.type === "basic") await cache.put(request, answer.clone());
    else if (request.mode === "navigate") await cache.delete(request);
    return answer;
  } catch (error) {
    const kept = await cache.match(request);
    if (kept) return kept;
    if (request.mode === "navigate") return away();
    throw error;
  }
}

function away() {
  return new Response(AWAY, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}
