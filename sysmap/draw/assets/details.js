// The details of one node in sentences, or, with nothing selected, how to read the page.

const FIRST_ROWS = 12;
const ANSWERS = ["+", "-", null, "present", "absent"];

function setDetails(actions) {
  const panel = byId("details");
  panel.scrollTop = 0;
  const node = state.selected === null ? null : nodes[state.selected];
  panel.classList.toggle("open", node !== null);
  panel.replaceChildren(...(node ? nodeDetails(node, actions) : howToRead()));
}

function howToRead() {
  const parts = [el("h2", {}, say("how_title"))];
  for (const key of ["how_search", "how_filter", "how_claims"]) parts.push(el("p", {}, say(key)));
  if (judged.size) {
    const list = el("ul", { class: "plain" });
    const type = [...judged][0];
    data.verdicts.forEach((_, i) => {
      list.append(el("li", {}, swatch(type, i), " ", verdictName(i)));
    });
    parts.push(el("h3", {}, say("verdicts")), list);
  }
  parts.push(el("p", { class: "small" }, say("width"), " ", say("size")));
  parts.push(el("p", { class: "small" }, say("keys")));
  return parts;
}

function nodeDetails(node, actions) {
  const type = types[node.type];
  const close = button("×", () => actions.select(null), { class: "close", "aria-label": say("close") });
  const kind = [type.one];
  if (areaOf(node) !== null) kind.push(areaName(areaOf(node)));
  const parts = [
    close,
    el("h2", {}, el("span", { class: "long" }, node.name)),
    el("p", { class: "kind" }, swatch(node.type, node.verdict), " ", capital(kind.join(" · "))),
  ];
  if (node.description) parts.push(el("p", { class: "long" }, String(node.description)));
  parts.push(...factParts(node), ...moreParts(node));
  const growable = state.shown !== null
    && [...neighboursOf(node.index)].some((other) => !state.shown.has(other));
  if (growable) parts.push(el("p", {}, button(say("grow"), () => actions.grow(node.index))));
  if (state.mode === "upstream" || state.mode === "downstream") {
    const n = highlighted(node.index, state.mode, visible()).nodes.size;
    parts.push(el("p", { class: "small" }, say("traced", { n: number(n) }), " ", say("traced_note")));
  }
  parts.push(...relationParts(node, actions));
  return parts;
}

function factParts(node) {
  const facts = node.facts || {};
  const parts = [];
  if (node.verdict !== undefined) {
    const verdict = capital(verdictName(node.verdict));
    const leaning = typeof facts.leaning === "string" && facts.leaning ? " (" + facts.leaning + ")" : "";
    parts.push(el("p", { class: "verdict" }, el("strong", {}, verdict + leaning), ". ", sentences(facts.sentence)));
  } else if (facts.sentence) {
    parts.push(el("p", {}, sentences(facts.sentence)));
  }
  if (state.place !== null && node.verdict === UNIVERSAL && reportIn(node, state.place) === null) {
    parts.push(el("p", { class: "small" }, capital(say("not_reported_here", { country: nodes[state.place].name }))));
  }
  const told = new Set(["verdict", "leaning", "sentence", "present", "assessed", "contexts", "answers", "share", "low", "high"]);
  const rest = Object.entries(facts).filter(([name, value]) => !told.has(name) && value !== null);
  if (rest.length) parts.push(pairs(rest));
  return parts;
}

function sentences(value) {
  return Array.isArray(value) ? value.join(" ") : String(value || "");
}

function moreParts(node) {
  const parts = [];
  if (node.aliases) parts.push(el("p", { class: "small long" }, say("also") + ": " + node.aliases.join("; ")));
  if (node.url) parts.push(el("p", { class: "long" }, link(String(node.url), String(node.url))));
  if (node.more) parts.push(pairs(node.more));
  return parts;
}

function pairs(rows) {
  const list = el("dl", {});
  for (const [name, value] of rows) {
    const shown = shownValue(value);
    list.append(el("dt", {}, String(name).replaceAll("_", " ")), el("dd", { class: "long" }, shown));
  }
  return list;
}

function shownValue(value) {
  if (Array.isArray(value)) return value.map(shownValue).join("; ");
  if (value !== null && typeof value === "object") {
    return Object.entries(value).map(([k, v]) => k + ": " + shownValue(v)).join("; ");
  }
  return typeof value === "number" ? number(value) : String(value);
}

/** Relations by table, direction and answer; each group has a heading in words. */
function relationParts(node, actions) {
  if (!node.edges.length) return [el("p", {}, say("no_relations"))];
  const groups = new Map();
  for (const edge of node.edges) {
    const relation = relations[edge.relation];
    const out = edge.a === node.index || !relation.directed;
    const key = edge.relation + (out ? " out " : " in ") + (edge.answer || "");
    if (!groups.has(key)) groups.set(key, { relation, out, answer: edge.answer, index: edge.relation, edges: [] });
    groups.get(key).edges.push(edge);
  }
  const order = [...groups.values()].sort((p, q) => p.index - q.index || q.out - p.out
    || ANSWERS.indexOf(p.answer) - ANSWERS.indexOf(q.answer) || collator.compare(p.answer || "", q.answer || ""));
  const parts = [];
  for (const { relation, out, answer, edges: list } of order) {
    const verb = out ? relation.verb : relation.inverse;
    const how = answer || relation.signed ? ", " + answerName(relation, answer) : "";
    parts.push(el("h3", {}, capital(verb) + how + " ", el("span", { class: "tally" }, number(list.length))));
    list.sort((p, q) => collator.compare(
      nodes[otherEnd(p, node.index)].name, nodes[otherEnd(q, node.index)].name
    ) || p.index - q.index);
    parts.push(unfolding(list, (edge) => relationRow(edge, node, actions)));
  }
  return parts;
}

function unfolding(list, row) {
  const holder = el("ul", { class: "relations" }, ...list.slice(0, FIRST_ROWS).map(row));
  const rest = list.slice(FIRST_ROWS);
  if (!rest.length) return holder;
  const item = el("li", {});
  item.append(button(say("show_more", { n: number(rest.length) }), () => {
    const added = rest.map(row);
    item.replaceWith(...added);
    const first = added[0].querySelector("button");
    if (first) first.focus();
  }, { class: "more" }));
  holder.append(item);
  return holder;
}

function relationRow(edge, node, actions) {
  const other = nodes[otherEnd(edge, node.index)];
  const go = button("", () => actions.visit(other), { class: "node" });
  go.append(swatch(other.type, other.verdict), el("span", { class: "long" }, other.name));
  const row = el("li", {}, go);
  const against = disagreement(edge);
  if (against) row.append(el("p", { class: "small against" }, against));
  row.append(claimList(edge));
  return row;
}

function disagreement(edge) {
  const twin = edges.filter((e) => e.relation === edge.relation && e.a === edge.a && e.b === edge.b);
  const count = (answer) => twin.filter((e) => e.answer === answer).reduce((n, e) => n + e.claims.length, 0);
  if (relations[edge.relation].signed && count("+") && count("-")) {
    return say("disagree", { plus: count("+"), minus: count("-") });
  }
  if (relations[edge.relation].stated && count("present") && count("absent")) {
    return say("disagree_state", { present: count("present"), absent: count("absent") });
  }
  return null;
}

function claimList(edge) {
  const list = el("ul", { class: "claims" }, ...edge.claims.map(claimRow));
  if (edge.claims.length < 2) return list;
  return el("details", {}, el("summary", {}, say("claims", { n: number(edge.claims.length) })), list);
}

/** Who said it, when, about where, how strong, and the note. */
function claimRow(claim) {
  const row = el("li", {});
  const source = claim.source;
  if (source) {
    row.append(source.url ? link(String(source.url), source.name) : el("span", {}, source.name));
    const kind = [source.kind, source.grade, source.organization].filter(Boolean).map(String);
    if (kind.length) row.append(" (" + kind.join(", ") + ")");
  } else {
    row.append(say("no_source"));
  }
  const rest = [String(claim.date || (source && source.date) || say("no_date_claim"))];
  if (claim.place !== null) rest.push(say("in_place", { place: nodes[claim.place].name }));
  for (const [name, value] of claim.more) {
    rest.push(name === "strength" ? say("strength", { n: value }) : String(name).replaceAll("_", " ") + " " + shownValue(value));
  }
  row.append(", " + rest.join(", "));
  if (claim.note) row.append(el("span", { class: "note long" }, "“" + String(claim.note) + "”"));
  return row;
}
