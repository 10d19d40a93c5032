// The lead's page: prescriptions that the camp's list says something against, and no doctor gave a reason for.
"use strict";
import { medicineOf, named } from "./camp-care.js";
import { own, replaceRows, stamp } from "./camp-page.js";
import { station } from "./camp-station.js";

const place = document.getElementById("unexplained");

station.onView((view) => {
  const rows = view.queue.flatMap((visit) =>
    visit.unexplained.map((one) =>
      stamp("unexplained-row", { who: `${visit.ticket} · ${visit.name}`, what: `${named(medicineOf(view, one.medicine))}: ${own(one)}` }),
    ),
  );
  place.hidden = !rows.length;
  replaceRows(place.querySelector("ul"), rows);
});
