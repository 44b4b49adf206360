// Overflow menus: the ⋯ button.

import { iconButton } from "../dom.js";
import { openMenu } from "../menu.js";
import { plainString } from "../text/plain.js";

export function overflow(element, slot) {
  const items = (element.options || []).map((option) => ({
    label: plainString(option.text),
    url: /^https?:/i.test(option.url || "") ? option.url : null,
    choose: () => slot.press({ option: option.value }),
  }));
  const node = iconButton("⋯", element.accessibility_label || "More", {
    class: "button button-overflow", "aria-haspopup": "menu", "aria-expanded": "false",
    data: { actionId: element.action_id || "" },
    onclick: () => openMenu(node, items),
  });
  return node;
}
