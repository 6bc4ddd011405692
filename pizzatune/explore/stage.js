// The one view of every explorer: controls and a card on the left, the picture and its sentence on the right.
// Python sends what is new; a hand's turns, clicks and drags go back, one message at a time.

import { KINDS, make } from "./controls.js";
import { large } from "./large.js";
import { redraw } from "./layers.js";
import { voice } from "./voice.js";

const SVG = "http://www.w3.org/2000/svg";
const BLANK = `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="${SVG}"/>`)}`;

export function render({ model, el }) {
  const root = make("section", { className: "pt-explorer" });
  const title = make("h3", { className: "pt-title" });
  const busy = make("span", { className: "pt-busy" });
  const head = make("div", { className: "pt-head" }, title, busy);
  const first = make("div"), more = make("details", { className: "pt-more" }, make("summary", { textContent: "More" }));
  const under = make("div", { className: "pt-under" });
  const card = make("figure", { className: "pt-card", hidden: true });
  const reading = make("div", { className: "pt-reading" });
  const tip = make("div", { className: "pt-tip", hidden: true, ariaHidden: true });
  const picture = document.createElementNS(SVG, "svg");
  picture.classList.add("pt-art");
  picture.setAttribute("role", "img");
  more.hidden = true;
  root.append(head, make("div", { className: "pt-body" },
    make("div", { className: "pt-panel" }, first, more, card),
    make("div", { className: "pt-stage" }, picture, under, reading)), tip);
  root.dataset.lmSuppressShortcuts = "true"; // keys are the controls', not the notebook's: `d d` deletes no cell
  root.addEventListener("keydown", event => event.stopPropagation());
  el.append(root);
  const tell = voice(root);
  const kept = []; // what once needed more room gets it back afterwards
  large(root, head, on => [reading, card].forEach((part, place) => {
    if (on) kept[place] = part.style.getPropertyValue("--pt-kept");
    part.style.setProperty("--pt-kept", on ? "0px" : kept[place]);
  }));

  // -- what goes to Python: one message at a time, the newest turn of each knob only
  const values = {}, touched = {}, plans = {}, shown = {}, waiting = [];
  let turns = 0, asked = 0, running = false;
  const pump = () => {
    if (!waiting.length || (asked && performance.now() - asked < 20000)) return;
    asked = performance.now();
    root.classList.add("pt-running");
    model.send({ turn: turns, ...waiting.shift() });
  };
  const say = what => {
    const last = waiting[waiting.length - 1];
    turns += 1;
    const pressed = Object.keys({ ...last?.values, ...what.values }).some(name => plans[name].kind === "button");
    if (what.do === "turn" && last?.do === "turn" && !pressed) Object.assign(last.values, what.values);
    else if (what.do === "drag" && last?.do === "drag" && last.name === what.name) last.at = what.at;
    else waiting.push(what);
    pump();
  };
  const turn = (name, value) => {
    values[name] = value;
    shown[name]?.show(value);
    say({ do: "turn", values: { [name]: value } });
    touched[name] = turns;
  };

  // -- symbols: each becomes an image once
  const links = {}, late = new Map(); // layers that wait for an image: better the one before than a hole
  const learn = (name, file) => {
    links[name] = "";
    const image = new Image();
    image.onerror = () => { links[name] = "data:,"; fill(); };
    image.onload = () => {
      const canvas = make("canvas", { width: 2 * image.width, height: 2 * image.height });
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(blob => {
        links[name] = URL.createObjectURL(blob);
        root.querySelectorAll(`[data-symbol=${JSON.stringify(name)}]`)
          .forEach(one => one.setAttribute(one.localName === "img" ? "src" : "href", links[name]));
        fill();
      });
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(file)}`;
  };
  const linked = marks => marks.replace(/href="#([^"]+)"/g, (_, name) =>
    `href="${links[name] || BLANK}" data-symbol="${name}"`);

  // -- what comes from Python
  let order = [];
  const layers = new Map(), calm = matchMedia("(prefers-reduced-motion: reduce)");
  const show = (layer, marks) => {
    const was = layer.hasChildNodes();
    redraw(layer, marks);
    const from = was && !calm.matches && layer.querySelector("[data-from]");
    if (!from) return;
    const [x, y, seconds] = from.dataset.from.split(" ");
    layer.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }],
      { duration: 1000 * seconds, easing: "cubic-bezier(.2, .7, .3, 1)" });
  };
  const fill = () => {
    late.forEach((marks, name) => {
      const layer = layers.get(name);
      const missing = [...marks.matchAll(/href="#([^"]+)"/g)].some(([, symbol]) => !links[symbol]);
      if (missing && layer?.hasChildNodes()) return;
      if (layer) show(layer, linked(marks));
      late.delete(name);
    });
    picture.contains(rest?.target) ? point(rest) : light([]); // who was pointed at may be gone, or say something else
  };
  const draw = (order, changed) => {
    for (const [name, layer] of layers) if (!order.includes(name)) { layer.remove(); layers.delete(name); }
    let before = null;
    for (const name of order) {
      let layer = layers.get(name);
      if (!layer) layers.set(name, layer = document.createElementNS(SVG, "g"));
      if (layer.parentNode !== picture || layer.previousSibling !== before) {
        before ? before.after(layer) : picture.prepend(layer);
      }
      if (name in changed) late.set(name, changed[name]);
      before = layer;
    }
    fill();
    if (picture.querySelector("[data-keys]")) Object.assign(picture, { role: "application", tabIndex: 0 });
  };
  const rebuild = news => {
    for (const [name, plan] of Object.entries(news)) {
      plans[name] = plan;
      let one = shown[name];
      if (!one || one.kind !== plan.kind) {
        one = KINDS[plan.kind](plan, value => turn(name, value), () => values[name], () => running);
        one.kind = plan.kind;
        one.element = make("div", { className: `pt-control pt-is-${plan.kind}` }, ...one.parts);
        one.element.dataset.control = name;
        shown[name]?.element.replaceWith(one.element);
        shown[name] = one;
        const place = plan.kind === "tabs" ? head : plan.large ? under : plan.more ? more : first;
        if (!one.element.isConnected) place.append(one.element);
        if (plan.kind === "steps") first.prepend(one.element);
      } else one.adapt(plan);
      one.element.hidden = !plan.shown;
      one.element.title = plan.help;
      one.element.dataset.note = plan.note;
      one.handles.forEach(handle => { handle.disabled = !plan.enabled; });
      if (name in values) one.show(values[name]);
    }
    more.hidden = !Object.values(plans).some(plan => plan.more && plan.shown);
  };
  const lay = told => {
    card.style.visibility = told ? "" : "hidden"; // its place stays, so that nothing jumps
    if (!told) return;
    card.hidden = false;
    card.classList.toggle("pt-lone", told.lone); // needs no room for a second pizza
    const before = [...card.querySelectorAll(".pt-out")].map(one => one.querySelector("img"));
    const out = (one, heading, place) => {
      const image = before[place] ?? make("img", { alt: "", src: BLANK }); // until it is drawn, the one before
      image.dataset.symbol = one.symbol;
      if (links[one.symbol] && image.src !== links[one.symbol]) image.src = links[one.symbol];
      return make("div", { className: "pt-out" }, make("div", { className: "pt-label", textContent: heading }),
        ...(one.symbol ? [image] : []), make("b", { textContent: one.score }), make("span", { textContent: one.words }));
    };
    card.replaceChildren(out(told.last, told.heading, 0), ...(told.best ? [out(told.best, told.best_heading, 1)] : []));
  };
  const speak = (lines, failed) => {
    if (lines) {
      reading.replaceChildren(...lines.map(line => make("p", { textContent: line })));
      picture.setAttribute("aria-label", lines.join(" "));
    }
    if (failed !== undefined) {
      root.classList.toggle("pt-failed", failed);
      failed ? reading.setAttribute("role", "alert") : reading.removeAttribute("role"); // said at once
    }
    if (lines && turns) tell(root.classList.contains("pt-failed") ? "" : lines.join(" "));
  };
  const take = news => {
    if (news.answer) asked = 0;
    if (news.size) {
      const [wide, high, lines] = news.size;
      picture.setAttribute("viewBox", `0 0 ${wide} ${high}`);
      root.style.setProperty("--pt-shape", wide / high);
      root.classList.toggle("pt-low", high < 200); // a question with its ruler is no picture for the last row
      reading.style.setProperty("--pt-lines", lines);
    }
    if (news.symbols) for (const [name, file] of Object.entries(news.symbols)) if (!(name in links)) learn(name, file);
    kin = news.kin ?? kin;
    if (news.layers || news.order) draw(order = news.order ?? order, news.layers ?? {});
    if (news.running !== undefined) { running = news.running; busy.textContent = running ? "working …" : ""; root.ariaBusy = running; }
    root.classList.toggle("pt-running", running || asked > 0);
    if (news.plans) rebuild(news.plans);
    for (const [name, value] of Object.entries(news.values ?? {})) {
      if ((touched[name] ?? 0) > news.seen) continue; // an echo of an older turn: the hand is ahead
      values[name] = value;
      shown[name]?.show(value);
    }
    for (const one of Object.values(shown)) one.after?.();
    if (news.title !== undefined) title.textContent = news.title;
    if (news.card !== undefined) lay(news.card);
    speak(news.lines, news.failed);
    pump();
  };

  // What once needed more room keeps it: a page that jumps up and down while it plays cannot be read.
  const keeper = new ResizeObserver(entries => entries.forEach(({ target, borderBoxSize: [{ blockSize }] }) => {
    if (blockSize > (parseFloat(target.style.getPropertyValue("--pt-kept")) || 0)) target.style.setProperty("--pt-kept", `${blockSize}px`);
  }));
  for (const part of [reading, card]) keeper.observe(part, { box: "border-box" });

  // -- hands on the picture
  const spot = (event, mark) => {
    const [left, top, width, height] = mark.closest("[data-box]")?.dataset.box.split(" ").map(Number)
      ?? [0, 0, ...picture.getAttribute("viewBox").split(" ").slice(2).map(Number)];
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
    const share = number => Math.min(1, Math.max(0, number));
    return [share((at.x - left) / width), share(1 - (at.y - top) / height)];
  };
  picture.addEventListener("pointerdown", down => {
    const mark = down.target.closest("[data-name]");
    if (!mark) return;
    const name = mark.dataset.name, drags = mark.closest("[data-drag]");
    if (!drags) return;
    down.preventDefault();
    picture.setPointerCapture(down.pointerId);
    const box = { closest: () => drags };
    let still = true; // a hand that does not move clicks
    picture.onpointermove = move => {
      still &&= Math.hypot(move.clientX - down.clientX, move.clientY - down.clientY) < 4;
      if (!still) say({ do: "drag", name, at: spot(move, box) });
    };
    picture.onpointerup = picture.onpointercancel = up => {
      picture.onpointermove = picture.onpointerup = picture.onpointercancel = null;
      if (still && up.type === "pointerup") say({ do: "click", name, at: spot(up, box) });
    };
  });
  picture.addEventListener("click", event => {
    const mark = event.target.closest("[data-name]");
    if (mark && !mark.closest("[data-drag]")) say({ do: "click", name: mark.dataset.name, at: spot(event, mark) });
  });
  picture.addEventListener("keydown", event => {
    const [across, up, push] = picture.querySelector("[data-keys]")?.dataset.keys.split(" ") ?? [];
    const [name, by] = { ArrowLeft: [across, -1], ArrowRight: [across, 1], ArrowDown: [up, -1], ArrowUp: [up, 1],
      Enter: [push, 1] }[event.key] ?? [];
    if (name) event.preventDefault();
    if (plans[name]?.enabled && !(event.repeat && name === push)) shown[name].nudge(event.shiftKey ? 5 * by : by);
  });
  const light = kin => {
    if (!picture.classList.toggle("pt-lit", kin.length > 0)) return;
    picture.querySelectorAll("[data-id]").forEach(one =>
      one.classList.toggle("lit", one.dataset.id.split("-").every(end => kin.includes(end))));
  };
  const pointed = event => { // a finger is broader than a dot
    const around = event.pointerType === "touch" ? [0, 8, 16].flatMap(far => [[far, 0], [-far, 0], [0, far], [0, -far]]) : [];
    const near = around.map(([x, y]) => document.elementFromPoint(event.clientX + x, event.clientY + y));
    return [event.target, ...near].map(one => picture.contains(one) && one.closest("[data-tip]")).find(Boolean);
  };
  let rest = null, kin = {}; // where the mouse rests; id of a pizza -> the ids of its relatives
  const point = event => {
    rest = event;
    const mark = pointed(event), id = mark?.closest("image")?.dataset.id;
    light(kin[id] ? [id, ...kin[id]] : []);
    tip.hidden = !mark;
    if (!mark) return;
    tip.textContent = mark.dataset.tip;
    const over = mark.getBoundingClientRect(), around = root.getBoundingClientRect(), inside = mark.matches(".target");
    const beside = Boolean(kin[id]); // above it are its parents
    tip.classList.toggle("pt-beside", beside);
    const x = beside ? around.width : (inside ? event.clientX : over.left + over.width / 2) - around.left;
    const y = beside ? over.top + over.height / 2 + tip.offsetHeight / 2 : (inside ? event.clientY : over.top) - 8;
    const reach = tip.offsetWidth / 2 + 6;
    tip.style.left = `${Math.min(Math.max(x, reach), around.width - reach)}px`;
    tip.style.top = `${y - around.top}px`;
  };
  const leave = () => { rest = null; tip.hidden = true; light([]); };
  picture.addEventListener("pointerover", point);
  picture.addEventListener("pointerleave", event => { if (event.pointerType !== "touch") leave(); }); // it stays to be read
  const elsewhere = event => { if (!picture.contains(event.target)) leave(); };
  document.addEventListener("pointerdown", elsewhere);

  model.on("msg:custom", take);
  asked = performance.now();
  model.send({ do: "hello", turn: 0 });
  return () => {
    model.off("msg:custom", take);
    document.removeEventListener("pointerdown", elsewhere);
    Object.values(links).forEach(link => link && URL.revokeObjectURL(link));
  };
}

export default { render };
