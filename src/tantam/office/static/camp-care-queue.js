// Who waits at a station of care. Opening somebody calls the number to this desk; while a form is open the list rests.
"use strict";
import { clock, own, replaceLong, replaceRows, stamp, word } from "./camp-page.js";
import { station } from "./camp-station.js";

const DESK = "camp-desk:";

// begin({ opens(visit), isDone(visit), seen(visit) }): `opens` fills the form for a visit; `isDone`: this device has
// written what the station owes and the view cannot know; `asks`: a visit from further on that needs this station's
// word first of all; `seen`: a visit that may be opened too, below the list;
// `shows`: each new view, with the open visit as it is in it.
export function begin({ form, opens, isDone, asks = () => false, seen = () => false, shows = () => {}, closes = () => {} }) {
  const waiting = document.getElementById("waiting");
  const desk = document.getElementById("desk");
  const where = station.say.station;
  let open = null;

  function row(visit) {
    const called = station.view.desks.find((one) => one.id === visit.called?.desk);
    const line = stamp("queue-row", {
      ticket: visit.ticket,
      name: visit.name,
      line: [word("sex-" + visit.sex), own(visit, "age"), visit.village].filter(Boolean).join(" · "),
      unexplained: visit.unexplained?.length ? word("needs-word") : "",
      called: called && word("called-by", { desk: called.name }),
      helper: visit.helper && word("helper", { helper: visit.helper }),
      since: visit.since && word("waits-since", { time: clock(visit.since) }),
    });
    line.dataset.id = visit.visit;
    line.querySelector("[data-cls]").dataset.cls = visit.cls;
    line.querySelector("button").addEventListener("click", () => go(visit));
    return line;
  }

  function desks(view) {
    const here = view.desks.filter((one) => one.station === where);
    desk.parentElement.hidden = here.length < 1;
    const known = [...desk.options].map((one) => one.value).join();
    if (known === here.map((one) => one.id).join()) return;
    desk.replaceChildren(...here.map((one) => new Option(one.name, one.id)));
    const kept = localStorage.getItem(DESK + where);
    if (here.some((one) => one.id === kept)) desk.value = kept;
  }

  function list(view) {
    const owed = view.queue.filter((one) => !isDone(one));
    const here = [...owed.filter(asks), ...owed.filter((one) => one.waits_for === where && !asks(one))];
    replaceLong(document.getElementById("queue"), here, row);
    document.getElementById("nobody").hidden = here.length > 0;
    const before = view.queue.filter((one) => !here.includes(one) && seen(one));
    replaceRows(document.getElementById("seen"), before.map(row));
    document.getElementById("seen-before").hidden = !before.length;
  }

  function go(visit) {
    open = visit;
    document.getElementById("done").hidden = true;
    if (desk.value && visit.waits_for === where && visit.called?.desk !== desk.value) {
      station.write("called", { visit: visit.visit, desk: desk.value }).catch(() => {});
    }
    opens(visit, station.view);
    waiting.hidden = true;
    form.hidden = false;
    scrollTo(0, 0);
    form.querySelector("h2").focus();
  }

  function close(said = "") {
    open = null;
    closes();
    form.hidden = true;
    waiting.hidden = false;
    const done = document.getElementById("done");
    done.hidden = !said;
    done.querySelector("b").textContent = said;
    if (station.view) list(station.view);
    scrollTo(0, 0);
    document.getElementById("waiting-title").focus();
  }

  desk.addEventListener("change", () => localStorage.setItem(DESK + where, desk.value));
  form.querySelector("[data-back]").addEventListener("click", () => close());
  station.onView((view) => {
    desks(view);
    list(view);
    shows(view, open && (view.queue.find((one) => one.visit === open.visit) ?? open));
  });
  return { close };
}
