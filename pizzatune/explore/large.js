// The large look: the explorer fills the window, to be read from the back of a room. Key L, its button, Escape.

import { make } from "./controls.js";

export function large(root, head, changed) {
  const button = make("button", { type: "button", className: "pt-grow", textContent: "Large (L)",
    title: "Fill the window, for a projector: key L", onclick: () => toggle() });
  button.setAttribute("aria-keyshortcuts", "l");
  button.setAttribute("aria-pressed", false);
  head.append(button);
  const toggle = () => {
    const on = !root.classList.contains("pt-large"), around = root.parentNode;
    if (on) around.style.minHeight = `${around.offsetHeight}px`; // the notebook below stays where it is
    root.classList.toggle("pt-large", on);
    button.setAttribute("aria-pressed", on);
    button.textContent = on ? "Back (L)" : "Large (L)";
    if (on) { // above all else on the page, wherever the notebook scrolls or clips
      root.popover = "manual";
      root.showPopover?.();
    } else {
      const focused = document.activeElement;
      root.hidePopover?.();
      root.removeAttribute("popover");
      if (root.contains(focused)) focused.focus({ preventScroll: true });
      around.style.minHeight = ""; // not before it is back: the notebook would scroll
    }
    changed(on);
  };
  root.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.("select")) return;
    const leaves = event.key === "Escape" && root.classList.contains("pt-large");
    if (leaves || event.key.toLowerCase() === "l") { event.preventDefault(); toggle(); }
  });
}
