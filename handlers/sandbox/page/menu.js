// Popup menus for message actions, overflow menus and shortcuts.

import { el } from "./dom.js";

let closeOpen = () => {};

/** Opens a menu next to `anchor`, or closes it. Items are `{label, choose}`; one with a `url` is also a link. */
export function openMenu(anchor, items, { heading = null } = {}) {
  const wasOpen = anchor.getAttribute("aria-expanded") === "true";
  closeOpen();
  if (wasOpen) return;
  const menu = el("div", { class: "menu", role: "menu" },
    heading && el("div", { class: "menu-heading", role: "presentation" }, heading),
    ...items.map((item) => drawItem(item)));
  document.body.append(menu);
  anchor.setAttribute("aria-expanded", "true");
  place(menu, anchor);
  const outside = (event) => {
    if (!menu.contains(event.target) && !anchor.contains(event.target)) closeOpen();
  };
  closeOpen = () => {
    menu.remove();
    anchor.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    closeOpen = () => {};
  };
  document.addEventListener("pointerdown", outside, true);
  menu.addEventListener("keydown", (event) => move(event, menu, anchor));
  menu.querySelector("[role=menuitem]")?.focus();
}

function drawItem({ label, choose, url }) {
  const chosen = () => {
    closeOpen();
    choose();
  };
  const props = { role: "menuitem", class: "menu-item", onclick: chosen };
  if (!url) return el("button", { type: "button", ...props }, label);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer", ...props }, label);
}

function move(event, menu, anchor) {
  const items = [...menu.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    items[(at + step + items.length) % items.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    closeOpen();
    anchor.focus();
  }
}

function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = at.bottom + 4 + height < innerHeight;
  menu.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - height - 4)}px`;
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
}
