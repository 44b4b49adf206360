// Building the page: every word goes in as a text node, so nothing a person wrote can become markup.

const SVG = "http://www.w3.org/2000/svg";
let ids = 0;

/** One element. Props named `on*` are listeners, `data` is a dataset, null and false are left out. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) put(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function put(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "data") Object.assign(node.dataset, value);
  else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else node.setAttribute(name, value === true ? "" : value);
}

export function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A button that shows only a sign, and says its name to those who cannot see it. */
export function iconButton(sign, label, props = {}) {
  return el("button", { type: "button", title: label, "aria-label": label, ...props }, sign);
}

export function freshId(stem) {
  ids += 1;
  return `${stem}-${ids}`;
}
