// A demo's links to the camp open as phones: windows of 360 px side by side. Without scripts they are plain links.
(() => {
  "use strict";
  const WIDE = 360;
  const HIGH = 760;
  const GAP = 20;

  [...document.querySelectorAll("a[data-phone]")].forEach((link, place) => {
    link.addEventListener("click", (event) => {
      const left = place * (WIDE + GAP);
      const opened = window.open(link.href, link.target, `popup,width=${WIDE},height=${HIGH},left=${left},top=40`);
      if (opened) event.preventDefault();
    });
  });
})();
