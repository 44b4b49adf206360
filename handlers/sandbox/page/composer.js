// The message composer: Enter sends, Shift+Enter breaks the line, "/" suggests commands, ⚡ lists shortcuts.

import { directory } from "./directory.js";
import { el, freshId, iconButton } from "./dom.js";
import { openMenu } from "./menu.js";
import { act, session } from "./session.js";
import { Suggestions } from "./suggestions.js";

const drafts = new Map();

/** Focuses the composer inside the element with this id, except on touch devices, whose keyboard would cover the page. */
export function focusComposer(parentId) {
  if (matchMedia("(hover: hover)").matches) document.querySelector(`#${parentId} .composer-field`)?.focus();
}

export class Composer {
  #target = null;

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
        el("div", { class: "composer-foot" }, shortcutsButton(() => this.#target),
          el("span", { class: "composer-hint" }, "Enter sends · Shift+Enter for a new line · / for commands"), this.send)));
  }

  /** Switches to a channel or thread and restores its draft. */
  show({ channel, threadTs = null, placeholder }) {
    const key = [session.viewer, channel, threadTs].join("/");
    if (this.#target?.key === key) return;
    this.#target = { key, channel, threadTs };
    this.field.placeholder = placeholder;
    this.field.setAttribute("aria-label", placeholder);
    this.field.value = drafts.get(key) || "";
    this.#typed();
  }

  #typed() {
    drafts.set(this.#target.key, this.field.value);
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
    if (this.suggestions.handlesKey(event)) return;
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (!sends) return;
    event.preventDefault();
    this.#send();
  }

  async #send() {
    const text = this.field.value.trim();
    const { key, channel, threadTs } = this.#target;
    if (!text) return;
    this.#fill("");
    const accepted = await act("say", { channel, text, ...(threadTs && { thread_ts: threadTs }) });
    if (accepted || drafts.get(key)) return;
    drafts.set(key, text);
    if (this.#target.key === key) this.#fill(text);
  }
}

function shortcutsButton(target) {
  const button = iconButton("⚡", "Shortcuts", {
    class: "tool", "aria-haspopup": "menu", "aria-expanded": "false",
    onclick: () => openMenu(button, globalShortcuts(target()), { heading: directory.app.name }),
  });
  return button;
}

function globalShortcuts({ channel }) {
  const shortcuts = (directory.app.shortcuts || []).filter(({ type }) => type === "global");
  return shortcuts.map(({ name, callback_id: id }) => ({
    label: name, choose: () => act("shortcut", { callback_id: id, channel }),
  }));
}
