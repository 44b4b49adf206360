// Keep the keyboard focus inside a dialog and restore it afterwards.

const FOCUSABLE = "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled])";

/** Keeps Tab inside `box` and calls `escape` on Esc. Returns a function that ends the trap. */
export function trapFocus(box, { escape }) {
  const previous = document.activeElement;
  const onKey = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      escape();
    } else if (event.key === "Tab") {
      keepInside(box, event);
    }
  };
  box.addEventListener("keydown", onKey);
  return () => {
    box.removeEventListener("keydown", onKey);
    if (previous?.isConnected) previous.focus();
  };
}

function keepInside(box, event) {
  const focusable = [...box.querySelectorAll(FOCUSABLE)].filter((node) => node.offsetParent !== null);
  const first = focusable[0];
  const last = focusable.at(-1);
  const leaves = event.shiftKey ? document.activeElement === first : document.activeElement === last;
  if (!leaves && box.contains(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}
