// Entry point: load the directory, draw the page, then follow changes.

import { fetchChanges, fetchPeople } from "./api.js";
import { announceNew } from "./announcer.js";
import { setDirectory } from "./directory.js";
import { followLinks } from "./links.js";
import { showModal } from "./modal.js";
import { showPane } from "./pane.js";
import { act, changed, goToAddress, onChange, refresh, session } from "./session.js";
import { showSidebar } from "./sidebar.js";
import { showThread } from "./thread.js";
import { showNotices } from "./toasts.js";
import { followClock, showTopBar } from "./top_bar.js";
import { markRead } from "./unread.js";
import { checkOthers, checkViewer } from "./waiting.js";

const RETRY_MS = 1500;

function showEverything() {
  document.body.dataset.ready = String(session.state !== null);
  showTopBar();
  if (!session.state) return;
  markRead();
  checkViewer();
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
      if (version !== known) await checkOthers();
    } catch {
      setOffline(true);
      await new Promise((resume) => setTimeout(resume, RETRY_MS));
    }
  }
}

function setOffline(isOffline) {
  document.body.classList.toggle("offline", isOffline);
}

async function start() {
  setDirectory(await fetchPeople());
  onChange(showEverything);
  followLinks();
  await goToAddress();
  addEventListener("popstate", goToAddress);
  addEventListener("focus", changed);
  followClock();
  await followChanges();
}

start();
