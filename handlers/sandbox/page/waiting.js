// Who else has a direct message that they have not read: a dot says whom to become next.

import { fetchState } from "./api.js";
import { humans } from "./directory.js";
import { changed, session } from "./session.js";
import { unreadIn } from "./unread.js";

const waiting = new Set();

export const isWaiting = (id) => id !== session.viewer && waiting.has(id);

/** Looks through the eyes of everybody else. Called when something happened, not when it was drawn. */
export async function lookForOthers() {
  const others = humans().filter(({ id }) => id !== session.viewer);
  const states = await Promise.all(others.map(({ id }) => fetchState(id)));
  others.forEach(({ id }, at) => note(id, states[at]));
  changed();
}

/** What the viewer has read is no longer waiting when they become somebody else. */
export const lookForMyself = () => note(session.viewer, session.state);

function note(id, { channels, messages }) {
  const chats = channels.filter(({ kind }) => kind === "im");
  if (chats.some((one) => unreadIn(one.id, id, messages[one.id]))) waiting.add(id);
  else waiting.delete(id);
}
