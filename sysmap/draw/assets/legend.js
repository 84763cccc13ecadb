// The legend is the filter.

function setLegend(view) {
  const panel = byId("legend");
  const focused = document.activeElement && panel.contains(document.activeElement) ? document.activeElement.id : null;
  const top = panel.scrollTop;
  panel.replaceChildren(el("h2", {}, say("legend")), ...legendGroups(view));
  if (top) panel.scrollTop = top;
  if (focused && byId(focused)) byId(focused).focus();
}

function legendGroups(view) {
  const count = (list, of) => {
    const found = new Map();
    for (const item of list) {
      const key = of(item);
      if (key !== null) found.set(key, (found.get(key) || 0) + 1);
    }
    return found;
  };
  const parts = [];
  const group = (name, off, all, now, draw) => {
    const keys = [...all.keys()].sort((p, q) => (p === -1) - (q === -1) || p - q);
    if (!keys.length || (name !== "types" && name !== "relations" && keys.length < 2)) return;
    const box = el("fieldset", {}, el("legend", {}, say(name)));
    if (keys.length > 2) box.append(allNone(name, off, keys));
    for (const key of keys) box.append(legendRow(name, off, key, now.get(key) || 0, all.get(key), draw(key)));
    parts.push(box);
  };
  group("types", state.off.type, count(nodes, (n) => n.type), count(view.nodes, (n) => n.type),
    (key) => [swatch(key), capital(types[key].many)]);
  group("relations", state.off.relation, count(edges, (e) => e.relation), count(view.edges, (e) => e.relation),
    (key) => [relationSwatch(key), capital(relations[key].verb)]);
  if (edges.some((e) => relations[e.relation].signed)) parts.push(signKey());
  group("areas", state.off.area, count(nodes, areaOf), count(view.nodes, areaOf), (key) => [null, areaName(key)]);
  group("verdicts", state.off.verdict, count(nodes, verdictOf), count(view.nodes, verdictOf),
    (key) => [key === -1 ? null : swatch([...judged][0], key), verdictName(key)]);
  return parts;
}

function signKey() {
  const rows = [["sign_plus", look.signs["+"], "arrow"], ["sign_minus", look.signs["-"], "bar"], ["sign_unknown", look.unsigned, "circle"]];
  const list = el("ul", { class: "plain key" });
  for (const [key, colour, end] of rows) list.append(el("li", {}, lineSwatch(colour, end), " ", say(key)));
  return el("div", {}, el("h3", {}, say("signs")), list, el("p", { class: "small" }, say("width")));
}

function allNone(name, off, keys) {
  const row = el("div", { class: "all-none" });
  const set = (change) => () => {
    change();
    changed();
  };
  row.append(
    button(say("tick_all"), set(() => off.clear()), { id: name + "-all", "aria-label": say(name) + ": " + say("tick_all") }),
    button(say("tick_none"), set(() => keys.forEach((key) => off.add(key))), { id: name + "-none", "aria-label": say(name) + ": " + say("tick_none") })
  );
  return row;
}

function legendRow(name, off, key, now, all, [mark, text]) {
  const id = "filter-" + name + "-" + key;
  const box = el("input", { type: "checkbox", id });
  box.checked = !off.has(key);
  box.addEventListener("change", () => {
    if (box.checked) off.delete(key);
    else off.add(key);
    changed();
  });
  const row = el("div", { class: "row" }, el("label", { for: id }, box, mark, el("span", { class: "long" }, text)));
  const missing = name === "types" && box.checked && state.shown !== null
    ? nodes.filter((n) => n.type === key && !state.shown.has(n.index)) : [];
  if (missing.length) {
    row.append(button(say("add"), () => {
      include(missing.map((n) => n.index));
      changed(true);
    }, { id: id + "-add", class: "add", "aria-label": say("add_all", { many: types[key].many }) }));
  }
  row.append(el("span", { class: "tally" }, say("of", { n: number(now), N: number(all) })));
  return row;
}
