// The Home tab, as the app last published it for the viewer.

import { drawBlocks } from "./blocks/index.js";
import { directory } from "./directory.js";
import { el } from "./dom.js";
import { Form } from "./form.js";
import { session, viewer } from "./session.js";
import { Surface } from "./surface.js";
import { dayOf } from "./text/dates.js";

let drawnKey = null;

export function showHome(root) {
  const view = session.state.home;
  const key = [session.viewer, dayOf(session.now, viewer()?.tz), view?.id, view?.hash].join("|");
  if (key === drawnKey) return;
  drawnKey = key;
  const placeholder = `${directory.app.name} has not published a Home tab yet.`;
  root.replaceChildren(view ? drawHome(view) : el("p", { class: "empty" }, placeholder));
}

function drawHome(view) {
  const surface = new Surface({
    kind: "home", target: { view_id: view.id }, form: new Form(view.state?.values), blocks: view.blocks || [],
  });
  return el("div", { class: "home-page" }, drawBlocks(surface));
}
