// A layer that changes keeps what is the same: its words are not laid out again, its pizzas not fetched again.

const sheet = document.createElement("template"); // nothing is loaded or laid out in here

export function redraw(layer, marks) {
  if (marks.includes(" curtain")) { layer.innerHTML = marks; return; } // it falls anew
  sheet.innerHTML = `<svg>${marks}</svg>`;
  adopt(layer, sheet.content.firstChild);
}

const place = one => (one.dataset?.id ? `${one.localName} ${one.dataset.id}` : one.getAttribute?.("class")) ?? "";

function adopt(old, now) {
  let same = null, one = old.firstChild, fresh = now.firstChild; // what begins the same stays
  for (; one && fresh && one.isEqualNode(fresh); fresh = fresh.nextSibling) { same = one; one = one.nextSibling; }
  const kept = new Map();
  for (; one; one = one.nextSibling) {
    const at = place(one);
    kept.has(at) ? kept.get(at).push(one) : kept.set(at, [one]);
  }
  const next = [];
  for (; fresh; fresh = fresh.nextSibling) {
    const before = kept.get(place(fresh));
    next.push(before?.length && before[0].localName === fresh.localName ? become(before.shift(), fresh) : fresh);
  }
  kept.forEach(left => left.forEach(one => one.remove()));
  let at = same ? same.nextSibling : old.firstChild;
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
