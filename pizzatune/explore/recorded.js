// A page without a kernel: what the view asks is answered from states that were recorded.

import { make, nearest } from "./controls.js";
import { render } from "./stage.js";

async function unpacked(packed) {
  const bytes = Uint8Array.from(atob(packed), letter => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
}

// A film is all steps at one setting of the knobs; `start` says where the page opens.
function recorded({ knobs, step, films, parts, symbols, start }) {
  const at = { ...start }, told = {}, sent = new Set();
  let take = () => {};
  const place = ({ name, values }) => nearest(values, Number(at[name]));
  const state = () => {
    const number = knobs.reduce((before, knob) => before * knob.values.length + place(knob), 0);
    const film = films.frames[films.at[number]];
    return film.states[film.stops.length ? nearest(film.stops, at[step]) : 0];
  };
  const part = key => parts[key][told[key]];
  const answer = turn => {
    const found = state(), news = { seen: turn, answer: true, running: false, layers: {}, symbols: {} };
    for (const [key, which] of Object.entries(found)) {
      const changed = told[key] !== which;
      told[key] = which;
      const layer = key.startsWith("layer ") ? key.slice(6) : null;
      if (layer !== null) { if (changed) news.layers[layer] = part(key); } else if (changed) news[key] = part(key);
    }
    for (const key of Object.keys(told)) if (!(key in found)) delete told[key]; // a layer that went may come back
    news.values = part("values"); // where a knob between two recorded places comes to rest
    if (step) at[step] = news.values[step];
    const card = part("card");
    const used = Object.values(news.layers).flatMap(marks => [...marks.matchAll(/href="#([^"]+)"/g)].map(([, one]) => one));
    for (const name of [...used, card?.last.symbol, card?.best?.symbol]) {
      if (name && !sent.has(name)) { sent.add(name); news.symbols[name] = symbols[name]; }
    }
    return news;
  };
  return {
    on(_, listener) { take = listener; },
    off() { take = () => {}; },
    send({ turn, values = {} }) {
      Object.assign(at, values);
      queueMicrotask(() => take(answer(turn)));
    },
  };
}

const here = document.getElementById("pt-here");
try {
  const store = await unpacked(document.getElementById("pt-store").textContent);
  render({ model: recorded(store), el: here });
  document.addEventListener("keydown", event => { // there is only this one: its keys work before it is touched
    if (event.target === document.body) here.querySelector(".pt-explorer").dispatchEvent(new KeyboardEvent("keydown", event));
  });
} catch (error) {
  here.append(make("p", { textContent: `This page needs a newer browser (${error.message}).` }));
}
