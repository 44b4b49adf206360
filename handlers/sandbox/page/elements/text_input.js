// Typing: a line, several lines, an address, an e-mail, a number.

import { el } from "../dom.js";
import { plainString } from "../text/plain.js";

const KINDS = { url_text_input: "url", email_text_input: "email", plain_text_input: "text", number_input: "text" };

export function textInput(element, slot) {
  const initial = element.initial_value;
  slot.start({ type: element.type, value: initial === undefined ? null : String(initial) });
  const props = {
    id: slot.id, class: "input", placeholder: plainString(element.placeholder) || null,
    maxlength: element.max_length || null, autocomplete: "off", autofocus: element.focus_on_load,
    "aria-labelledby": slot.labelledBy, "aria-describedby": slot.describedBy,
    data: { actionId: element.action_id || "" },
  };
  const isNumber = element.type === "number_input";
  const node = element.multiline
    ? el("textarea", { ...props, rows: 5 })
    : el("input", { ...props, type: KINDS[element.type], inputmode: isNumber ? "decimal" : null });
  node.value = slot.value().value ?? "";
  listen(node, element, slot);
  return element.max_length ? counted(node, element.max_length) : node;
}

function listen(node, element, slot) {
  const asks = element.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
  const said = () => ({ type: element.type, value: node.value === "" ? null : node.value });
  const keep = () => slot.keep(said());
  node.addEventListener("input", asks.includes("on_character_entered") ? () => slot.change(said()) : keep);
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || element.multiline || !asks.includes("on_enter_pressed")) return;
    if (!event.ctrlKey && !event.metaKey && slot.reports) slot.change(said());
  });
}

/** Shows what room is left, once it gets short. */
function counted(node, most) {
  const left = el("span", { class: "room-left", "aria-hidden": "true" });
  node.addEventListener("input", () => {
    const room = most - node.value.length;
    left.textContent = room <= most / 5 ? String(room) : "";
  });
  return el("div", { class: "counted" }, node, left);
}
