// Single selects: the browser's own, which works with every keyboard and phone.

import { el } from "../dom.js";
import { plainString } from "../text/plain.js";
import { choicesOf, selectionOf, valueOf } from "./options.js";

export function select(element, slot) {
  const { key, initial } = selectionOf(element);
  const groups = choicesOf(element);
  const all = groups.flatMap(({ choices }) => choices);
  slot.start({ type: element.type, [key]: initial });
  const chosen = valueOf(slot.value()[key]) ?? "";
  const node = el("select", {
    id: slot.id, class: "select", "aria-describedby": slot.describedBy, "aria-labelledby": slot.labelledBy,
    "aria-label": slot.id || slot.labelledBy ? null : plainString(element.placeholder) || "Choose",
    data: { actionId: element.action_id || "" },
    onchange: () => {
      const selected = all.find(({ value }) => value === node.value)?.stateValue ?? null;
      slot.change({ type: element.type, [key]: selected });
    },
  }, el("option", { value: "" }, plainString(element.placeholder) || "Choose an option"), ...groups.flatMap(drawGroup));
  node.value = all.some(({ value }) => value === chosen) ? chosen : "";
  return el("span", { class: "select-frame" }, node);
}

function drawGroup({ title, choices }) {
  const options = choices.map(({ value, label }) => el("option", { value }, label));
  return title ? el("optgroup", { label: title }, ...options) : options;
}
