// Keeps what is going on in step: asks for this page again while somebody looks at it, and puts its pieces in place.
// A piece has data-again and an id; one that comes back without data-again is finished. Without scripts: reload.
// While nothing changes it asks less and less often; data-again="clock" is a piece that always changes. A [data-lost]
// stands while the server does not answer.
(function () {
  "use strict";
  const LEAST = 2000; // ms between two looks while something changes
  const CALM = Number(document.body.dataset.calm) || 30000; // and while nothing does; a page may ask for less
  const LOST = 2 * CALM; // and while the server does not answer
  const SHARE = 20; // a page that takes long is asked for less often: at most a twentieth of the server's time
  let wait = LEAST;
  let timer = 0;

  function put(piece, fresh) {
    const held = [...piece.querySelectorAll("a, summary")].indexOf(document.activeElement);
    piece.replaceWith(document.adoptNode(fresh));
    if (held >= 0) fresh.querySelectorAll("a, summary")[held]?.focus();
  }

  async function look() {
    clearTimeout(timer);
    const pieces = document.querySelectorAll("[data-again]");
    if (document.hidden || !pieces.length) return;
    const begun = performance.now();
    try {
      // whoever has signed out meanwhile is sent elsewhere: an error, not a sign-in page in the middle of this one
      const answer = await fetch(location.href, { redirect: "error", cache: "no-store" });
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const lost of document.querySelectorAll("[data-lost]")) lost.hidden = true;
      let changed = false;
      for (const piece of pieces) {
        const fresh = page.getElementById(piece.id);
        if (!fresh || fresh.outerHTML === piece.outerHTML) continue;
        changed ||= piece.dataset.again !== "clock";
        put(piece, fresh);
      }
      wait = Math.max(changed ? LEAST : Math.min(1.5 * wait, CALM), SHARE * (performance.now() - begun));
    } catch {
      for (const lost of document.querySelectorAll("[data-lost]")) lost.hidden = false;
      wait = Math.min(2 * wait, LOST);
    }
    timer = setTimeout(look, wait);
  }

  document.addEventListener("visibilitychange", look);
  timer = setTimeout(look, LEAST);
})();
