// Which of its bounds and warnings a line of a prescription goes past: the same rule as `check` of camps/formulary.py,
// held against the same table of cases. It knows nothing of medicine and nothing of the page.
"use strict";

// limit: {warnings: [{code, …}], most_a_day, most_in_all} as the kit works it out, or nothing; units, a_day: numbers, a_day
// null where it is not said; same: what was prescribed of this medicine before, [{units, a_day}].
// Gives [{code, most, asked, …}]: the list's own warnings first, then each bound that is passed.
export function passed(limit, { units, a_day }, same = []) {
  const found = [...(limit?.warnings ?? [])];
  const inAll = same.reduce((sum, one) => sum + one.units, units);
  const known = a_day && same.every((one) => one.a_day);
  const aDay = known ? same.reduce((sum, one) => sum + one.a_day, a_day) : null;
  const { most_in_all: mostInAll, most_a_day: mostADay } = limit ?? {};
  if (mostInAll && inAll > mostInAll) found.push({ code: "too_many_in_all", most: mostInAll, asked: inAll });
  if (mostADay && aDay > mostADay) found.push({ code: "too_many_a_day", most: mostADay, asked: aDay });
  if (mostADay && aDay === null) found.push({ code: "a_day_missing", most: mostADay, asked: 0 });
  return found;
}
