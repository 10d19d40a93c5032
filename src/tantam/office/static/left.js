// How many letters are left of a field with a limit. Without scripts the limit stands beside the field all the same.
(function () {
  "use strict";
  for (const line of document.querySelectorAll("[data-left]")) {
    const field = document.getElementById(line.dataset.left);
    if (!field) continue;
    const tell = () => {
      const used = field.value.trim().replace(/\s+/g, " ").length;
      line.textContent = line.dataset.say.replace("{n}", field.maxLength - used);
    };
    line.hidden = false;
    field.addEventListener("input", tell);
    tell();
  }
})();
