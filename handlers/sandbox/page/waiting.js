// Find the people with unread direct messages; the switcher marks them with a dot.

import { fetchState } from "./api.js";
import { humans } from "./directory.js";
import { changed, session } from "./session.js";
import { unreadIn } from "./unread.js";

const waiting = new Set();

export const isWaiting = (id) => id !== session.viewer && waiting.has(id);

/** Checks everyone except the viewer. Called after changes, not on every draw. */
export async function checkOthers() {
  const others = humans().filter(({ id }) => id !== session.viewer);
  const states = await Promise.all(others.map(({ id }) => fetchState(id)));
  others.forEach(({ id }, at) => update(id, states[at]));
  changed();
}

/** Updates the viewer, so that what they have read has no dot after a switch. */
export const checkViewer = () => update(session.viewer, session.state);

function update(id, { channels, messages }) {
  const dms = channels.filter(({ kind }) => kind === "im");
  if (dms.some((dm) => unreadIn(dm.id, id, messages[dm.id]))) waiting.add(id);
  else waiting.delete(id);
}
