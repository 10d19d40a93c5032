// The doctor's station: who waits, and one examination at a time.
"use strict";
import { word } from "./camp-page.js";
import { begin } from "./camp-care-queue.js";
import { examining } from "./camp-examining.js";
import { station } from "./camp-station.js";

const list = begin({
  form: examining.form,
  opens: examining.open,
  shows: examining.update,
  isDone: (visit) => station.written("examined", visit.visit),
  asks: (visit) => visit.unexplained.length > 0,
  seen: (visit) => visit.examined.length > 0,
});

examining.form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = examining.said();
  if (!said) return document.getElementById("save").focus();
  try {
    await station.write("examined", said.body, { corrects: said.corrects });
  } catch {
    return; // nobody is signed in or the day is closed: the banner above says which
  }
  const ticket = examining.ticket();
  examining.reset();
  list.close(word("saved", { ticket }));
});
