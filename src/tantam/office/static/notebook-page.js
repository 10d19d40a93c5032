// What the notebook's page shows: its lines, its banners, whether there is a network. Knows nothing of sending.
"use strict";
export const root = document.getElementById("notebook");
export const form = document.getElementById("writing");
export const list = document.getElementById("lines");

export function clock(moment) {
  const zone = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Ho_Chi_Minh" };
  return new Intl.DateTimeFormat("vi", zone).format(moment);
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function banner(name, values) {
  for (const one of root.querySelectorAll("[data-banner]")) {
    one.hidden = one.dataset.banner !== name;
    if (one.hidden) continue;
    for (const part of one.querySelectorAll("[data-say]")) part.textContent = fill(part.dataset.say, values || {});
  }
}

export function showLine(row) {
  const known = list.querySelector(`[data-id="${row.id}"]`);
  const line = known || document.getElementById("line").content.firstElementChild.cloneNode(true);
  if (!known) {
    line.dataset.id = row.id;
    const guest = form.querySelector(`[name=guest][value="${row.guest}"]`);
    line.querySelector("[data-who]").textContent = guest ? guest.dataset.name : "";
    const tone = line.querySelector("[data-tone]");
    const chosen = form.querySelector(`[name=tone][value="${row.tone}"]`);
    tone.textContent = chosen.dataset.word;
    tone.className = "chip " + chosen.dataset.colour;
    line.querySelector("[data-text]").textContent = "“" + row.text + "”";
    list.append(line);
  }
  line.querySelector("[data-where=here]").hidden = Boolean(row.refused);
  const no = line.querySelector("[data-where=no]");
  no.hidden = !row.refused;
  no.textContent = row.refused || "";
  number();
}

function number() {
  const lines = list.querySelectorAll("li");
  lines.forEach((line, at) => (line.querySelector("[data-nth]").textContent = at + 1));
  document.getElementById("none").hidden = lines.length > 0;
  document.getElementById("count").textContent = fill(root.dataset.count, { n: lines.length });
}

export function markStored(id) {
  const line = list.querySelector(`[data-id="${id}"]`);
  if (!line) return;
  line.querySelector("[data-where=here]").hidden = true;
  line.querySelector("[data-where=no]").hidden = true;
  line.querySelector("[data-where=sent]").hidden = false;
}

export function net(up) {
  document.getElementById("bar").classList.toggle("lost", !up);
  for (const one of document.querySelectorAll("#net [data-net]")) one.hidden = (one.dataset.net === "up") !== up;
}
