// Checkboxes and radio buttons.

import { el, freshId } from "../dom.js";
import { textNodes } from "../text/text_object.js";

export function checkboxes(element, slot) {
  const chosen = () => slot.value().selected_options;
  slot.start({ type: element.type, selected_options: element.initial_options || [] });
  const change = (option, isOn) => {
    const values = new Set(chosen().map(({ value }) => value));
    if (isOn) values.add(option.value);
    else values.delete(option.value);
    const selected = element.options.filter(({ value }) => values.has(value));
    slot.change({ type: element.type, selected_options: selected });
  };
  const isOn = ({ value }) => chosen().some((option) => option.value === value);
  return drawGroup(element, slot, "checkbox", isOn, change);
}

export function radioButtons(element, slot) {
  slot.start({ type: element.type, selected_option: element.initial_option || null });
  const change = (option) => slot.change({ type: element.type, selected_option: option });
  const isOn = ({ value }) => slot.value().selected_option?.value === value;
  return drawGroup(element, slot, "radio", isOn, change);
}

function drawGroup(element, slot, kind, isOn, change) {
  const name = freshId("choices");
  const rows = (element.options || []).map((option) => drawRow(option, { kind, name, isOn, change }));
  return el("div", {
    class: "choices", role: kind === "radio" ? "radiogroup" : "group", id: slot.id,
    "aria-labelledby": slot.labelledBy, "aria-describedby": slot.describedBy,
    data: { actionId: element.action_id || "" },
  }, ...rows);
}

function drawRow(option, { kind, name, isOn, change }) {
  const id = freshId("choice");
  const box = el("input", { type: kind, id, name, value: option.value, onchange: () => change(option, box.checked) });
  box.checked = isOn(option);
  return el("div", { class: "choice" }, box,
    el("div", {}, el("label", { for: id }, ...textNodes(option.text)),
      option.description && el("div", { class: "choice-note" }, ...textNodes(option.description))));
}
