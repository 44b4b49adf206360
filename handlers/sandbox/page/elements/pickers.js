// Date and time pickers: the browser's own, in the viewer's time zone.

import { el } from "../dom.js";
import { viewer } from "../session.js";
import { epochAt, isoDate, two, wallClock } from "../text/dates.js";
import { plainString } from "../text/plain.js";

function picker(element, slot, { kind, key, initial, toField, fromField }) {
  slot.start({ type: element.type, [key]: initial ?? null });
  const node = el("input", {
    type: kind, id: slot.id, class: "input input-picker", "aria-labelledby": slot.labelledBy,
    "aria-describedby": slot.describedBy,
    "aria-label": slot.id || slot.labelledBy ? null : plainString(element.placeholder) || "Choose",
    data: { actionId: element.action_id || "" },
    onchange: () => slot.change({ type: element.type, [key]: node.value ? fromField(node.value) : null }),
  });
  const now = slot.value()[key];
  node.value = now === null ? "" : toField(now);
  return node;
}

const asIs = { toField: String, fromField: String };

export const datepicker = (element, slot) =>
  picker(element, slot, { kind: "date", key: "selected_date", initial: element.initial_date, ...asIs });

export const timepicker = (element, slot) =>
  picker(element, slot, { kind: "time", key: "selected_time", initial: element.initial_time, ...asIs });

export const datetimepicker = (element, slot) => picker(element, slot, {
  kind: "datetime-local", key: "selected_date_time", initial: element.initial_date_time,
  toField: (epoch) => {
    const wall = wallClock(epoch, viewer()?.tz);
    return `${isoDate(wall)}T${two(wall.hour)}:${two(wall.minute)}`;
  },
  fromField: (typed) => {
    const [year, month, day, hour, minute] = typed.split(/[-T:]/).map(Number);
    return epochAt({ year, month, day, hour, minute }, viewer()?.tz);
  },
});
