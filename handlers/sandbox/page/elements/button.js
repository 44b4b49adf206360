// Buttons. A button is disabled until its action is done, and may open a URL.

import { el } from "../dom.js";
import { plainString } from "../text/plain.js";
import { textNodes } from "../text/text_object.js";

const STYLES = { primary: "button button-primary", danger: "button button-danger" };

export function button(element, slot) {
  const node = el("button", {
    type: "button", class: STYLES[element.style] || "button",
    "aria-label": element.accessibility_label || null,
    data: { actionId: element.action_id || "" },
    onclick: () => pressed(node, element, slot),
  }, ...textNodes(element.text));
  if (element.url) node.title = plainString(element.url);
  return node;
}

async function pressed(node, element, slot) {
  if (/^https?:/i.test(element.url || "")) open(element.url, "_blank", "noopener,noreferrer");
  node.disabled = true;
  await slot.press(element.value === undefined ? {} : { value: element.value });
  node.disabled = false;
}
