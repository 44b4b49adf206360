// Avatars: initials on a coloured square for a person, a drawing for the app.

import { colourOf, directory, isApp, nameOf } from "./directory.js";
import { el, svg } from "./dom.js";

export function avatar(id, size) {
  const frame = el("span", { class: `avatar avatar-${size}`, "aria-hidden": "true" });
  if (id === directory.app.user) {
    frame.classList.add("avatar-app");
    frame.append(batonMark());
    return frame;
  }
  frame.style.backgroundColor = colourOf(id);
  frame.append(isApp(id) ? "🤖" : initials(nameOf(id)));
  return frame;
}

function initials(name) {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("") || "?";
}

function batonMark() {
  const stick = { x1: 8, y1: 24, x2: 24, y2: 8, "stroke-linecap": "round" };
  return svg("svg", { viewBox: "0 0 32 32" },
    svg("line", { ...stick, stroke: "#ffffff", "stroke-width": 6 }),
    svg("line", { x1: 12.5, y1: 19.5, x2: 15, y2: 17, stroke: "#f2994a", "stroke-width": 6 }),
    svg("line", { x1: 18, y1: 14, x2: 20.5, y2: 11.5, stroke: "#f2994a", "stroke-width": 6 }));
}
