// Where one writes: Enter sends, Shift+Enter breaks the line, "/" offers commands, ⚡ offers shortcuts.

import { directory } from "./directory.js";
import { el, freshId, iconButton } from "./dom.js";
import { openMenu } from "./menu.js";
import { act, session } from "./session.js";
import { Suggestions } from "./suggestions.js";

const drafts = new Map();

/** Readies the writing place in `where` (an element's id), where a keyboard would not cover the page. */
export function focusComposer(where) {
  if (matchMedia("(hover: hover)").matches) document.querySelector(`#${where} .composer-field`)?.focus();
}

export class Composer {
  #where = null;

  constructor() {
    const listId = freshId("suggestions");
    this.field = el("textarea", {
      class: "composer-field", rows: 1, "aria-controls": listId, "aria-autocomplete": "list",
      oninput: () => this.#typed(), onkeydown: (event) => this.#key(event),
    });
    this.suggestions = new Suggestions(listId, (command) => this.#fill(`${command} `));
    this.send = iconButton("➤", "Send", { class: "send", onclick: () => this.#send() });
    this.node = el("div", { class: "composer", data: { testid: "composer" } },
      this.suggestions.node,
      el("div", { class: "composer-frame" }, this.field,
        el("div", { class: "composer-foot" }, shortcutsButton(() => this.#where),
          el("span", { class: "composer-hint" }, "Enter sends · Shift+Enter for a new line · / for commands"), this.send)));
  }

  /** Turns to a channel or thread; what was typed for it before is there again. */
  show({ channel, threadTs = null, placeholder }) {
    const key = [session.viewer, channel, threadTs].join("/");
    if (this.#where?.key === key) return;
    this.#where = { key, channel, threadTs };
    this.field.placeholder = placeholder;
    this.field.setAttribute("aria-label", placeholder);
    this.field.value = drafts.get(key) || "";
    this.#typed();
  }

  #typed() {
    drafts.set(this.#where.key, this.field.value);
    this.send.disabled = !this.field.value.trim();
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 200)}px`;
    this.suggestions.suggest(this.field.value);
  }

  #fill(text) {
    this.field.value = text;
    this.#typed();
    this.field.focus();
  }

  #key(event) {
    if (this.suggestions.takes(event)) return;
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (!sends) return;
    event.preventDefault();
    this.#send();
  }

  async #send() {
    const text = this.field.value.trim();
    const { key, channel, threadTs } = this.#where;
    if (!text) return;
    this.#fill("");
    const agreed = await act("say", { channel, text, ...(threadTs && { thread_ts: threadTs }) });
    if (agreed || drafts.get(key)) return;
    drafts.set(key, text);
    if (this.#where.key === key) this.#fill(text);
  }
}

function shortcutsButton(where) {
  const button = iconButton("⚡", "Shortcuts", {
    class: "tool", "aria-haspopup": "menu", "aria-expanded": "false",
    onclick: () => openMenu(button, globalShortcuts(where()), { heading: directory.app.name }),
  });
  return button;
}

function globalShortcuts({ channel }) {
  const shortcuts = (directory.app.shortcuts || []).filter(({ type }) => type === "global");
  return shortcuts.map(({ name, callback_id: id }) => ({
    label: name, choose: () => act("shortcut", { callback_id: id, channel }),
  }));
}
