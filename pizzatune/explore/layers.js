// A layer that changes keeps what is the same: its words are not laid out again, its pizzas not fetched again.

const sheet = document.createElement("template"); // nothing is loaded or laid out in here

export function redraw(layer, marks) {
  sheet.innerHTML = `<svg>${marks}</svg>`;
  adopt(layer, sheet.content.firstChild);
}

const place = one => (one.dataset?.id ? `${one.localName} ${one.dataset.id}` : one.getAttribute?.("class")) ?? "";

function adopt(old, now) {
  const kept = new Map();
  for (const one of old.childNodes) {
    const at = place(one);
    kept.has(at) ? kept.get(at).push(one) : kept.set(at, [one]);
  }
  const next = [...now.childNodes].map(one => {
    const before = one.localName && !one.matches(".curtain") && kept.get(place(one)); // a curtain falls anew
    if (before?.[0]?.localName !== one.localName) return one;
    return become(before.shift(), one);
  });
  kept.forEach(left => left.forEach(one => one.remove()));
  let at = old.firstChild;
  for (const one of next) {
    if (one === at) at = at.nextSibling;
    else old.insertBefore(one, at);
  }
}

function become(one, now) {
  if (one.isEqualNode(now)) return one;
  for (const { name } of [...one.attributes]) if (!now.hasAttribute(name)) one.removeAttribute(name);
  for (const { name, value } of now.attributes) if (one.getAttribute(name) !== value) one.setAttribute(name, value);
  if (now.localName === "g") adopt(one, now);
  else if (one.textContent !== now.textContent) one.textContent = now.textContent;
  return one;
}
