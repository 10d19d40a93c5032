// The button that prints this page.
"use strict";
document.querySelector("[data-print]").addEventListener("click", () => print());
