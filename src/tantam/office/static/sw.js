// Keeps the open notebook readable when the page is loaded again without network. Everything else goes to the office.
"use strict";
const KEPT = "notebook";
const NOTEBOOK = /^\/events\/\d+\/notebook\/$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  // Whoever signs out, or meets the sign-in page, leaves no notebook behind on this device.
  if (url.pathname.startsWith("/accounts/")) event.waitUntil(caches.delete(KEPT));
  else if (NOTEBOOK.test(url.pathname) || url.pathname.startsWith("/static/")) event.respondWith(freshOrKept(event.request));
});

async function freshOrKept(request) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected && answer.type === "basic") await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(request);
    if (kept) return kept;
    throw error;
  }
}
