// How far a kit's file is on its way. Without scripts, or where sending this way fails, the form goes by itself.
// The answer is written over this page in the same window, so a script of it must bear being run twice.
(() => {
  "use strict";
  const form = document.querySelector("form[data-sends]");

  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const place = form.querySelector(".sending");
    const words = place.querySelector("span");
    const sending = new XMLHttpRequest();
    const show = (percent) => {
      place.hidden = false;
      place.querySelector("progress").value = percent;
      words.textContent = percent < 100 ? words.dataset.sent.replace("{n}", percent) : words.dataset.joins;
    };
    sending.upload.addEventListener("progress", ({ loaded, total }) => show(Math.floor((100 * loaded) / total)));
    sending.addEventListener("error", () => form.submit());
    sending.addEventListener("load", () => {
      const { pathname } = new URL(sending.responseURL);
      if (pathname !== location.pathname) return location.assign(pathname); // signed out meanwhile
      document.open();
      document.write(sending.responseText);
      document.close();
    });
    show(0);
    form.querySelector("button").disabled = true;
    sending.open("POST", location.href);
    sending.send(new FormData(form));
  });
})();
