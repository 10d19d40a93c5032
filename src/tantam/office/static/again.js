// Keeps what is going on in step: asks for this page again while somebody looks at it, and puts its pieces in place.
// A piece has data-again and an id; one that comes back without data-again is finished. Without scripts: reload.
(function () {
  "use strict";
  const LEAST = 2000; // ms between two looks
  const SHARE = 20; // a page that takes long is asked for less often: at most a twentieth of the server's time
  const MOST = 60000;
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
      for (const piece of pieces) {
        const fresh = page.getElementById(piece.id);
        if (fresh && fresh.outerHTML !== piece.outerHTML) put(piece, fresh);
      }
      wait = Math.max(LEAST, SHARE * (performance.now() - begun));
    } catch {
      for (const lost of document.querySelectorAll("[data-lost]")) lost.hidden = false;
      wait *= 2;
    }
    timer = setTimeout(look, Math.min(wait, MOST));
  }

  document.addEventListener("visibilitychange", look);
  timer = setTimeout(look, LEAST);
})();
