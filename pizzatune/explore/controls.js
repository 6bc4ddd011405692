// The controls of an explorer: each kind gives its elements, shows a value, and says `turn(value)`.

export function make(name, attributes = {}, ...inside) {
  const element = Object.assign(document.createElement(name), attributes);
  element.append(...inside);
  return element;
}

export const nearest = (numbers, to) => numbers.reduce(
  (best, number, place) => Math.abs(number - to) < Math.abs(numbers[best] - to) ? place : best, 0);

function field(plan, box, ...after) {
  box.id = `pt-${Math.random().toString(36).slice(2)}`; // every explorer has a module of its own
  const label = make("label", { htmlFor: box.id, className: "pt-label", textContent: plan.label });
  return make("div", { className: "pt-field" }, label, box, ...after);
}

function knob(plan, turn) {
  const box = make("input", { type: "number", className: "pt-number" });
  const slider = make("input", { type: "range", className: "pt-slider" });
  const unit = make("span", { className: "pt-unit" });
  const note = make("div", { className: "pt-note", role: "status" });
  const marks = make("div", { className: "pt-marks", ariaHidden: true });
  let now = plan, timer = 0;
  const place = value => now.stops ? nearest(now.stops, value) : now.log // a recorded one knows some places only
    ? now.step * Math.log(value / now.low) / Math.log(now.high / now.low) : value;
  const valued = at => now.stops ? now.stops[at] : now.log
    ? Number((now.low * (now.high / now.low) ** (at / now.step)).toPrecision(3)) : Number(Number(at).toFixed(9));
  const text = value => now.unit ? `${value} ${now.unit}` : String(value);
  const show = value => {
    slider.value = place(value);
    slider.setAttribute("aria-valuetext", text(value));
    if (box !== document.activeElement || Number(box.value) !== value) box.value = value;
  };
  slider.oninput = () => { const value = valued(slider.value); show(value); turn(value); };
  box.onchange = () => {
    const typed = Number(box.value);
    if (box.value === "" || Number.isNaN(typed)) return show(valued(slider.value));
    const inside = Math.min(now.high, Math.max(now.low, now.whole ? Math.round(typed) : typed));
    const value = now.stops ? valued(place(inside)) : inside;
    if (value !== typed) {
      note.textContent = inside !== value ? `Recorded nearby: ${text(value)}.` : now.whole && typed !== Math.round(typed)
        ? `Whole numbers only: ${text(value)}.` : `From ${now.range}: ${text(value)}.`;
      clearTimeout(timer);
      timer = setTimeout(() => { note.textContent = ""; }, 6000);
    }
    show(value);
    box.value = value;
    turn(value);
  };
  const adapt = plan => {
    now = plan;
    const ends = plan.stops ? [0, plan.stops.length - 1, 1] : plan.log ? [0, plan.step, 1] : [plan.low, plan.high, plan.step];
    [slider.min, slider.max, slider.step] = ends;
    [box.min, box.max, box.step] = [plan.low, plan.high, plan.log || !plan.whole ? "any" : plan.step];
    unit.textContent = plan.unit;
    slider.setAttribute("aria-label", plan.label);
    marks.replaceChildren(...plan.marks.map(([at, words]) => make("span",
      { textContent: words, style: `left:${100 * (place(at) - slider.min) / (slider.max - slider.min)}%` })));
    marks.hidden = !plan.marks.length;
  };
  adapt(plan);
  const parts = [field(plan, box, unit), slider, marks, note];
  const nudge = by => { by > 0 ? slider.stepUp(by) : slider.stepDown(-by); slider.oninput(); };
  return { parts, show, adapt, nudge, handles: [box, slider] };
}

function steps(plan, turn, value, running) {
  const inner = knob(plan, number => { stop(); turn(number); });
  const button = (words, className, onclick) => make("button", { type: "button", textContent: words, className, onclick });
  let now = plan, timer = 0;
  const label = () => timer ? "❚❚ Pause" : atEnd() ? "↻ Again" : "▶ Play";
  const atEnd = () => value() >= now.high && !running();
  const stop = () => { clearTimeout(timer); timer = 0; say(); };
  const say = () => {
    play.textContent = label();
    step.disabled = !now.enabled || value() >= now.high;
    reset.disabled = !now.enabled || value() <= now.low;
  };
  const next = () => now.stops ? now.stops.find(stop => stop > value()) : value() + 1;
  const forward = () => { if (value() < now.high) turn(next()); };
  const tick = () => {
    if (!play.isConnected || atEnd()) return stop();
    forward();
    timer = setTimeout(tick, 1000 * now.seconds);
    say();
  };
  const play = button("", "pt-play", () => {
    if (timer) return stop();
    if (atEnd()) { turn(now.low); timer = setTimeout(tick, 1000 * now.seconds); } else tick();
    say();
  });
  const step = button("Step", "", () => { stop(); forward(); });
  const reset = button("Reset", "", () => { stop(); turn(now.low); });
  return {
    parts: [make("div", { className: "pt-buttons" }, play, step, reset), ...inner.parts],
    show: number => { inner.show(number); say(); },
    adapt: plan => { now = plan; inner.adapt(plan); say(); },
    handles: [play, step, reset, ...inner.handles],
    after: say,
  };
}

function list(plan, turn) {
  const select = make("select", { onchange: () => turn(Number(select.value)) });
  const adapt = plan => select.replaceChildren(
    ...plan.options.map((words, value) => make("option", { value, textContent: words })));
  adapt(plan);
  return { parts: [field(plan, select)], show: value => { select.value = value; }, adapt, handles: [select] };
}

function group(plan, kind, toggle, isOn) {
  const box = make("fieldset", { className: `pt-${kind}` });
  const handles = [];
  const adapt = plan => {
    handles.length = 0;
    box.replaceChildren(make("legend", { className: "pt-label", textContent: plan.label }),
      ...plan.options.map((words, place) => {
        const button = make("button", { type: "button", textContent: words, onclick: () => toggle(place) });
        handles.push(button);
        return button;
      }));
  };
  adapt(plan);
  const show = value => handles.forEach((button, place) => button.setAttribute("aria-pressed", isOn(value, place)));
  return { parts: [box], show, adapt, handles };
}

const buttons = (plan, turn) => group(plan, "choice", place => turn(place), (value, place) => value === place);
const chips = (plan, turn, value) => group(plan, "chips", place => {
  const on = value();
  turn(on.includes(place) ? on.filter(other => other !== place) : [...on, place].sort((a, b) => a - b));
}, (value, place) => value.includes(place));

function toggle(plan, turn) {
  const box = make("input", { type: "checkbox", onchange: () => turn(box.checked) });
  const parts = [make("label", { className: "pt-switch" }, box, plan.label)];
  return { parts, show: value => { box.checked = value; }, adapt() {}, handles: [box] };
}

function button(plan, turn) {
  const push = make("button", { type: "button", textContent: plan.label, onclick: () => turn(true),
    className: plan.main ? "pt-play" : "" });
  return { parts: [push], show() {}, adapt() {}, nudge: () => turn(true), handles: [push] };
}

export const KINDS = { knob, steps, list, buttons, tabs: buttons, chips, button, switch: toggle };
