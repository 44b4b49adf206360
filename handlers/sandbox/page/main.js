// The front door of the page: learn who is here, draw everything, then follow what happens.

import { fetchChanges, fetchPeople } from "./api.js";
import { announceNew } from "./announcer.js";
import { learn } from "./directory.js";
import { followLinks } from "./links.js";
import { showModal } from "./modal.js";
import { showPane } from "./pane.js";
import { act, changed, goToAddress, onChange, refresh, session } from "./session.js";
import { showSidebar } from "./sidebar.js";
import { showThread } from "./thread.js";
import { showNotices } from "./toasts.js";
import { followClock, showTopBar } from "./top_bar.js";
import { markRead } from "./unread.js";
import { lookForMyself, lookForOthers } from "./waiting.js";

const PAUSE_AFTER_FAILURE_MS = 1500;

function showEverything() {
  document.body.dataset.ready = String(session.state !== null);
  showTopBar();
  if (!session.state) return;
  markRead();
  lookForMyself();
  showSidebar();
  showPane();
  showThread();
  showModal();
  showNotices(session.state.notices, (id) => act("dismiss", { id }));
  announceNew();
}

async function followChanges() {
  for (;;) {
    try {
      const known = session.state?.version ?? 0;
      const { version } = await fetchChanges(known);
      setOffline(false);
      if (version !== session.state?.version) await refresh();
      if (version !== known) await lookForOthers();
    } catch {
      setOffline(true);
      await new Promise((wake) => setTimeout(wake, PAUSE_AFTER_FAILURE_MS));
    }
  }
}

function setOffline(isOffline) {
  document.body.classList.toggle("offline", isOffline);
}

async function start() {
  learn(await fetchPeople());
  onChange(showEverything);
  followLinks();
  await goToAddress();
  addEventListener("popstate", goToAddress);
  addEventListener("focus", changed);
  followClock();
  await followChanges();
}

start();
