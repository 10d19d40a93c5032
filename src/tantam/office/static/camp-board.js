// Beside the board's numbers: a number that was called a moment ago is said aloud, where the projector's machine can.
"use strict";
import { speak } from "./camp-ticket.js";

let told = called();

function called() {
  const cells = document.querySelectorAll("[data-call]");
  return new Map([...cells].map((cell) => [cell.closest("tr").querySelector("th").textContent, cell.dataset.call]));
}

new MutationObserver(() => {
  const now = called();
  for (const [desk, number] of now) if (number && number !== told.get(desk)) speak(`Mời số ${number}, ${desk}`);
  told = now;
}).observe(document.getElementById("main"), { childList: true, subtree: true });
