// The commands that fit what was typed after "/".

import { directory } from "./directory.js";
import { el } from "./dom.js";

export class Suggestions {
  #fitting = [];
  #at = 0;

  constructor(id, choose) {
    this.choose = choose;
    this.node = el("div", { class: "suggestions", id, role: "listbox", "aria-label": "Commands", hidden: true });
  }

  suggest(typed) {
    const isName = /^\/\S*$/.test(typed);
    this.#fitting = isName ? (directory.app.commands || []).filter(({ command }) => command.startsWith(typed)) : [];
    this.#at = 0;
    this.#draw();
  }

  /** True if the key was meant for the list. A command that is typed out in full is sent by Enter. */
  takes(event) {
    if (!this.#fitting.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isWhole = event.target.value === this.#fitting[this.#at].command;
    const chooses = event.key === "Tab" || (event.key === "Enter" && !isWhole);
    if (step) this.#at = (this.#at + step + this.#fitting.length) % this.#fitting.length;
    else if (chooses) this.choose(this.#fitting[this.#at].command);
    else if (event.key === "Escape") this.#fitting = [];
    else return false;
    event.preventDefault();
    event.stopPropagation();
    this.#draw();
    return true;
  }

  #draw() {
    this.node.hidden = !this.#fitting.length;
    this.node.replaceChildren(...this.#fitting.map((one, at) => el("div", {
      class: "suggestion", role: "option", "aria-selected": String(at === this.#at),
      onpointerdown: (event) => {
        event.preventDefault();
        this.choose(one.command);
      },
    }, el("span", { class: "suggestion-name" }, one.command),
    el("span", { class: "suggestion-usage" }, one.usage_hint || ""),
    el("span", { class: "suggestion-about" }, one.description || ""))));
  }
}
