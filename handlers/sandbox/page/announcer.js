// Tells screen readers what others just wrote in the open channel.

import { channel, nameOf } from "./directory.js";
import { messagesIn, session } from "./session.js";
import { plainString } from "./text/plain.js";

let heard = { place: null, ts: "" };

export function announceNew() {
  const open = channel(session.place);
  const newest = messagesIn(open?.id).at(-1);
  const place = `${session.viewer}/${session.place}`;
  const isNew = newest && heard.place === place && Number(newest.ts) > Number(heard.ts);
  if (isNew && newest.user !== session.viewer) {
    document.getElementById("announcer").textContent = `${nameOf(newest.user)}: ${plainString(newest.text)}`;
  }
  heard = { place, ts: newest?.ts || "" };
}
