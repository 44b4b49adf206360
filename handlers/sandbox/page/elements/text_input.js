// Text inputs: single-line, multi-line, URL, email and number.

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
  const triggers = element.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
  const state = () => ({ type: element.type, value: node.value === "" ? null : node.value });
  const edit = () => slot.edit(state());
  node.addEventListener("input", triggers.includes("on_character_entered") ? () => slot.change(state()) : edit);
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || element.multiline || !triggers.includes("on_enter_pressed")) return;
    if (!event.ctrlKey && !event.metaKey && slot.dispatches) slot.change(state());
  });
}

/** Shows how many characters are left once less than a fifth remains. */
function counted(node, most) {
  const left = el("span", { class: "room-left", "aria-hidden": "true" });
  node.addEventListener("input", () => {
    const room = most - node.value.length;
    left.textContent = room <= most / 5 ? String(room) : "";
  });
  return el("div", { class: "counted" }, node, left);
}
