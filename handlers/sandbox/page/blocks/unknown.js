// A placeholder for types that the page cannot draw, so that nothing goes missing.

import { el } from "../dom.js";

export function unknown(kind, type) {
  return el("div", { class: "unknown", data: { testid: "unknown" } },
    `This page cannot draw the ${kind} “${String(type)}”.`);
}
