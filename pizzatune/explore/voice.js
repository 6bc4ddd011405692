// What a screen reader is told: the reading, once it stays as it is. At each step of a drag it would only stammer.

import { make } from "./controls.js";

const SETTLED = 1200; // ms without a change

export function voice(root) {
  const box = make("div", { className: "pt-voice", role: "status" });
  let timer = 0;
  root.append(box);
  return words => {
    clearTimeout(timer);
    timer = setTimeout(() => { box.textContent = words; }, SETTLED);
  };
}
