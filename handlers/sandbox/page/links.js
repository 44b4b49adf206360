// Open permalinks of this workspace inside the page.

import { channel } from "./directory.js";
import { go, messagesIn } from "./session.js";

const PERMALINK = /\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})(?:\?(.*))?$/;

export function followLinks() {
  document.addEventListener("click", async (event) => {
    const found = PERMALINK.exec(event.target.closest?.("a[href]")?.href || "");
    if (!found || !channel(found[1])) return;
    event.preventDefault();
    const [, place, seconds, micros, query] = found;
    await openMessage(place, `${seconds}.${micros}`, new URLSearchParams(query || "").get("thread_ts"));
  });
}

async function openMessage(place, ts, thread) {
  const message = messagesIn(place).find((item) => item.ts === ts);
  await go({ place });
  const root = thread || message?.thread_ts;
  if (root && root !== ts) await go({ thread: root });
  const node = document.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
  node?.scrollIntoView({ block: "center" });
  node?.focus();
}
