// Track what each person has read in this browser tab, to mark unread messages.

import { channel } from "./directory.js";
import { messagesIn, session } from "./session.js";

const KEY = "baton-sandbox-read";

function load() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) || {};
  } catch {
    return {};
  }
}

const read = load();

/** A person starts with everything read that existed when the page was opened. */
function marksOf(person) {
  read.since ??= newestOfAll();
  read[person] ??= {};
  return read[person];
}

function newestOfAll() {
  return Math.max(0, ...Object.values(session.state.messages).flat().map(({ ts }) => Number(ts)));
}

export function markRead() {
  const marks = marksOf(session.viewer);
  const open = channel(session.place);
  if (!open || document.visibilityState === "hidden") return;
  const newest = messagesIn(open.id).at(-1)?.ts ?? open.last_ts;
  if (!newest || marks[open.id] === newest) return;
  marks[open.id] = newest;
  sessionStorage.setItem(KEY, JSON.stringify(read));
}

/** Counts the unread messages of other people in a channel, ephemeral ones included. */
export function unreadIn(id, person = session.viewer, messages = messagesIn(id)) {
  const after = Number(marksOf(person)[id] ?? read.since);
  return messages.filter((message) => Number(message.ts) > after && message.user !== person).length;
}
