// What stands below a check: its message, and a button for each step of help. Python sends a step when it is asked for.

export function render({ model, el }) {
  const make = (name, attributes, ...inside) => {
    const element = Object.assign(document.createElement(name), attributes);
    element.append(...inside);
    return element;
  };
  const said = make("p", { className: `pt-said pt-said-${model.get("kind")}` }, model.get("message"));
  const told = make("ol", { className: "pt-told" });
  const live = make("div", { role: "status" }, told); // read aloud as soon as it changes
  const buttons = model.get("steps").map((name, place) =>
    make("button", { type: "button", textContent: name, onclick: () => model.send({ step: place }) }));
  const group = make("div", { role: "group", ariaLabel: `Help with ${model.get("task")}` }, ...buttons);
  const root = make("section", { className: "pt-figure pt-help", ariaLabel: `Check of ${model.get("task")}` }, said, group, live);
  root.dataset.lmSuppressShortcuts = "true"; // keys are the buttons', not the notebook's
  root.addEventListener("keydown", event => event.stopPropagation());
  const show = () => {
    const taken = model.get("taken");
    buttons.forEach((button, place) => button.setAttribute("aria-pressed", place in taken));
    const known = told.children.length ? [...told.children].map(line => line.dataset.step) : [];
    for (const [place, words] of Object.entries(taken)) if (!known.includes(place)) {
      const [said, ...code] = words.split("\n\n"); // a program stands behind an empty line
      const line = make("li", {}, make("b", { textContent: `${model.get("steps")[place]}: ` }), said.replaceAll("\n", " "));
      if (code.length) line.append(make("pre", { textContent: code.join("\n\n") }));
      line.dataset.step = place;
      told.append(line);
    }
  };
  model.on("change:taken", show);
  el.append(root);
  show();
}

export default { render };
