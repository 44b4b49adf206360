// Announce new messages of other people in the open channel to screen readers.

import { channel, nameOf } from "./directory.js";
import { messagesIn, session } from "./session.js";
import { plainString } from "./text/plain.js";

let last = { place: null, ts: "" };

export function announceNew() {
  const open = channel(session.place);
  const newest = messagesIn(open?.id).at(-1);
  const place = `${session.viewer}/${session.place}`;
  const isNew = newest && last.place === place && Number(newest.ts) > Number(last.ts);
  if (isNew && newest.user !== session.viewer) {
    document.getElementById("announcer").textContent = `${nameOf(newest.user)}: ${plainString(newest.text)}`;
  }
  last = { place, ts: newest?.ts || "" };
}
