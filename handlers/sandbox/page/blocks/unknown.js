// What this page cannot draw is shown as a grey box with its name: nothing vanishes.

import { el } from "../dom.js";

export function unknown(kind, type) {
  return el("div", { class: "unknown", data: { testid: "unknown" } },
    `This page cannot draw the ${kind} “${String(type)}”.`);
}
