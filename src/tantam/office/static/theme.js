// Light, dark, or as the machine is: kept in this browser only. Runs before the first paint; the button appears with it.
(function () {
  "use strict";
  const root = document.documentElement;
  const order = ["system", "light", "dark"];
  let kept = "system";
  try {
    kept = localStorage.getItem("theme") || "system";
  } catch { /* a browser that keeps nothing follows its machine */ }

  function show(choice) {
    if (choice === "system") delete root.dataset.theme;
    else root.dataset.theme = choice;
    for (const button of document.querySelectorAll("button[data-theme-button]")) {
      button.hidden = false;
      const words = button.dataset[choice];
      button.title = words;
      button.setAttribute("aria-label", words);
      for (const icon of button.querySelectorAll("svg")) icon.toggleAttribute("hidden", icon.dataset.for !== choice);
    }
    document.dispatchEvent(new CustomEvent("theme", { detail: choice }));
  }

  if (!order.includes(kept)) kept = "system";
  show(kept);
  document.addEventListener("DOMContentLoaded", function () {
    show(kept);
    document.addEventListener("click", function (event) {
      const open = document.querySelectorAll("details.more[open]");
      for (const menu of open) if (!menu.contains(event.target)) menu.open = false;
      if (!event.target.closest("button[data-theme-button]")) return;
      kept = order[(order.indexOf(kept) + 1) % order.length];
      try {
        localStorage.setItem("theme", kept);
      } catch { /* shown, not kept */ }
      show(kept);
    });
    document.addEventListener("keydown", function (event) {
      if (event.key !== "Escape") return;
      for (const menu of document.querySelectorAll("details.more[open]")) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
  });
})();
