// A picture. Only what this machine serves is fetched; anything else is shown as its description.

import { el } from "../dom.js";

function isOurs(address) {
  try {
    return /^data:image\//.test(address) || new URL(address).origin === location.origin;
  } catch {
    return false;
  }
}

export function picture(address, altText, className) {
  if (address && isOurs(address)) return el("img", { class: className, src: address, alt: altText || "" });
  return el("span", { class: `${className} picture-missing`, role: "img", "aria-label": altText || "image", title: altText },
    el("span", { "aria-hidden": "true" }, "🖼"), className === "picture-small" ? null : el("span", {}, altText || "image"));
}

export function image(element) {
  return picture(element.image_url || element.slack_file?.url, element.alt_text, "picture-small");
}
