// Suggest slash commands while the person types.

import { directory } from "./directory.js";
import { el } from "./dom.js";

export class Suggestions {
  #matches = [];
  #at = 0;

  constructor(id, choose) {
    this.choose = choose;
    this.node = el("div", { class: "suggestions", id, role: "listbox", "aria-label": "Commands", hidden: true });
  }

  suggest(typed) {
    const isName = /^\/\S*$/.test(typed);
    this.#matches = isName ? (directory.app.commands || []).filter(({ command }) => command.startsWith(typed)) : [];
    this.#at = 0;
    this.#draw();
  }

  /** Handles a key and returns true if it was for the list. Enter sends a command that is typed out in full. */
  handlesKey(event) {
    if (!this.#matches.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isComplete = event.target.value === this.#matches[this.#at].command;
    const chooses = event.key === "Tab" || (event.key === "Enter" && !isComplete);
    if (step) this.#at = (this.#at + step + this.#matches.length) % this.#matches.length;
    else if (chooses) this.choose(this.#matches[this.#at].command);
    else if (event.key === "Escape") this.#matches = [];
    else return false;
    event.preventDefault();
    event.stopPropagation();
    this.#draw();
    return true;
  }

  #draw() {
    this.node.hidden = !this.#matches.length;
    this.node.replaceChildren(...this.#matches.map((suggestion, at) => el("div", {
      class: "suggestion", role: "option", "aria-selected": String(at === this.#at),
      onpointerdown: (event) => {
        event.preventDefault();
        this.choose(suggestion.command);
      },
    }, el("span", { class: "suggestion-name" }, suggestion.command),
    el("span", { class: "suggestion-usage" }, suggestion.usage_hint || ""),
    el("span", { class: "suggestion-about" }, suggestion.description || ""))));
  }
}
