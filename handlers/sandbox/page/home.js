// The app's Home tab, as the app last published it for this person.

import { drawBlocks } from "./blocks/index.js";
import { directory } from "./directory.js";
import { el } from "./dom.js";
import { Form } from "./form.js";
import { session, viewer } from "./session.js";
import { Surface } from "./surface.js";
import { dayOf } from "./text/dates.js";

let print = null;

export function showHome(root) {
  const view = session.state.home;
  const now = [session.viewer, dayOf(session.now, viewer()?.tz), view?.id, view?.hash].join("|");
  if (now === print) return;
  print = now;
  const nothing = `${directory.app.name} has not drawn its Home tab yet.`;
  root.replaceChildren(view ? drawHome(view) : el("p", { class: "empty" }, nothing));
}

function drawHome(view) {
  const surface = new Surface({
    kind: "home", target: { view_id: view.id }, form: new Form(view.state?.values), blocks: view.blocks || [],
  });
  return el("div", { class: "home-page" }, drawBlocks(surface));
}
