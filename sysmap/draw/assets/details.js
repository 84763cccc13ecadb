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
    const list = el("ul", { class: "plain verdicts" });
    const type = [...judged][0];
    data.verdicts.forEach((name, i) => {
      const meaning = "means_" + name;
      list.append(el("li", {}, swatch(type, i), el("span", {}, el("b", {}, verdictName(i)), ": " + say(meaning))));
    });
    parts.push(el("h3", {}, say("verdicts")), list);
  }
  parts.push(el("p", { class: "small" }, say("width"), " ", say("size")));
  parts.push(el("h3", {}, say("keys_title")), el("p", { class: "small" }, say("keys")));
  // The header lists them all where there are several, each marked with its language.
  const [one] = document.querySelectorAll(".lead span");
  const notes = [...document.querySelectorAll(".about li")].map((note) => note.firstChild);
  if (one) {
    const told = (notes.length ? notes : [one]).map((note) => el("li", { class: "long" }, note.cloneNode(true)));
    parts.push(el("h3", {}, say("notes")), el("ul", { class: "notes small" }, ...told));
  }
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
  parts.push(...traceParts(node, actions), ...factParts(node), ...answerParts(node), ...placeParts(node, actions), ...moreParts(node));
  const aside = asideOf(node);
  if (aside) parts.push(el("p", { class: "small" }, nodes[state.place].name + ": " + aside + "."));
  parts.push(...relationParts(node, actions));
  return parts;
}

/** What is highlighted beyond the next node, in sentences. */
function traceParts(node, actions) {
  if (!isTracing(state.mode)) return [];
  const lit = highlighted(node.index, state.mode, visible().edges);
  const parts = state.mode === "paths" ? pathParts(node, lit) : streamParts(node, lit);
  const hidden = highlighted(node.index, state.mode, edges).nodes.size - lit.nodes.size;
  if (hidden > 0) parts.push(el("p", { class: "small" }, say("traced_hidden", { n: number(hidden) })));
  const workers = lit.nodes.size > 1 ? workersOn(lit.nodes) : [];
  if (workers.length) {
    parts.push(
      el("h3", {}, say("traced_workers") + " ", el("span", { class: "tally" }, number(workers.length))),
      unfolding(workers, ([index, count]) => el("li", {}, nodeButton(nodes[index], actions, say("on_n", { n: number(count) }))))
    );
  }
  return [el("div", { class: "traced" }, ...parts)];
}

function streamParts(node, lit) {
  const n = lit.nodes.size - 1;
  const parts = { n: number(n), name: node.name };
  if (!n) return [el("p", {}, say(state.mode + "_none", parts))];
  const whole = reachedByOneSource(node.index, state.mode, lit).size;
  const told = whole === n ? say(n === 1 ? "whole_one" : "whole_all") : whole ? say("whole_some", { k: number(whole), n: number(n - whole) }) : say(n === 1 ? "stitched_one" : "whole_none");
  const real = reachedByOneSource(node.index, state.mode, lit, (said) => !isMadeUp(said)).size;
  return [el("p", {}, say(state.mode + (n === 1 ? "_one" : "_n"), parts) + " " + told + madeUpWords(whole - real, whole))];
}

function madeUpWords(k, n) {
  return k ? " " + say("whole_made_up", { k: number(k), n: number(n) }) : "";
}

function pathParts(node, lit) {
  if (state.target === null) return [el("p", {}, say("choose_target"))];
  const [from, to] = lit.turned ? [state.target, node.index] : [node.index, state.target];
  const names = { from: nodes[from].name, to: nodes[to].name };
  if (!lit.chains.length) return [el("p", {}, say("no_path", { from: node.name, to: nodes[state.target].name }))];
  const links = linksOf(visible().edges);
  const told = lit.chains.map((chain) => toldWhole(chain, links));
  const whole = told.filter((voices) => voices.size).length;
  const madeUp = told.filter((voices) => voices.size && [...voices].every(isMadeUp)).length;
  const rest = lit.chains.length - whole;
  const sentences_ = [
    lit.turned ? say("path_turned", { from: node.name, to: nodes[state.target].name }) : "",
    say(lit.capped ? "paths_capped" : "paths_n", { n: number(lit.chains.length), most: number(lit.most), ...names }),
    rest === 0 ? say(lit.chains.length === 1 ? "whole_one" : "whole_all") : whole ? say("whole_some", { k: number(whole), n: number(rest) }) : say(rest === 1 ? "stitched_one" : "whole_none"),
    madeUpWords(madeUp, whole).trim(),
  ].filter(Boolean);
  const rows = lit.chains.map((chain, i) => [chain, told[i]]);
  return [
    el("p", {}, sentences_.join(" ")),
    unfolding(rows, ([chain, voices]) => el("li", { class: "long" }, chainWords(chain, links), " ", el("span", { class: "small" },
      voicesWords(voices)))),
  ];
}

function voicesWords(voices) {
  const n = voices.size;
  if (!n) return say("stitched");
  const k = [...voices].filter(isMadeUp).length;
  return say(n === 1 ? "told_by_one" : "told_by", { n: number(n) }) + (k ? " " + say("told_made_up", { k: number(k), n: number(n) }) : "");
}

/** A chain as a sentence: what strengthens or weakens what. */
function chainWords(chain, links) {
  let text = nodes[chain[0]].name;
  for (let i = 1; i < chain.length; i += 1) {
    const signs = new Set(links.get(chain[i - 1]).get(chain[i]).map((edge) => edge.answer));
    const verb = signs.has("+") && signs.has("-") ? "link_contested" : signs.has("+") ? "link_plus" : signs.has("-") ? "link_minus" : "link_unknown";
    text += (i > 1 ? say("link_which") : "") + " " + say(verb) + " " + nodes[chain[i]].name;
  }
  return text + ".";
}

/** Places by what is known there: the counts of a verdict, opened. */
function placeParts(node, actions) {
  const row = data.answers.of.get(node.index);
  if (!row) return [];
  const found = data.answers.words.map(() => []);
  data.answers.places.forEach((place, at) => row[at] !== "9" && found[row[at]].push(place));
  const total = found.reduce((n, list) => n + list.length, 0);
  const box = el("details", { class: "places" }, el("summary", {}, say("places_title", { n: number(total) })));
  const counts = [];
  data.answers.words.forEach((word, k) => {
    const list = found[k].sort((p, q) => collator.compare(nodes[p].name, nodes[q].name) || p - q);
    if (!list.length) return;
    counts.push(number(list.length) + " " + say(word));
    box.append(
      el("h3", {}, capital(say(word)) + " ", el("span", { class: "tally" }, number(list.length))),
      el("p", { class: "long" }, list.map((place) => nodes[place].name).join("; "))
    );
  });
  return [el("p", { class: "small by-answer" }, capital(counts.join(", ")) + "."), box];
}

function factParts(node) {
  const facts = node.facts || {};
  const parts = [];
  if (node.verdict !== undefined) {
    const verdict = capital(verdictName(node.verdict));
    const leans = typeof facts.leaning === "string" && facts.leaning && facts.leaning !== data.verdicts[node.verdict];
    const leaning = leans ? " (" + say("leaning", { verdict: facts.leaning }) + ")" : "";
    parts.push(el("p", { class: "verdict" }, el("strong", {}, verdict + leaning), ". ", sentences(facts.sentence)));
  } else if (facts.sentence) {
    parts.push(el("p", {}, sentences(facts.sentence)));
  }
  const told = new Set(["verdict", "leaning", "sentence", "present", "assessed", "contexts", "answers", "share", "low", "high"]);
  const rest = Object.entries(facts).filter(([name, value]) => !told.has(name) && value !== null);
  if (rest.length) parts.push(pairs(rest, ENGLISH));
  return parts;
}

function sentences(value) {
  return el("span", ENGLISH, Array.isArray(value) ? value.join(" ") : String(value || ""));
}

function moreParts(node) {
  const parts = [];
  if (node.aliases) parts.push(el("p", { class: "small long" }, say("also") + ": " + node.aliases.join("; ")));
  if (node.url) parts.push(el("p", { class: "long" }, link(String(node.url), String(node.url))));
  if (node.more) parts.push(pairs(node.more));
  return parts;
}

function pairs(rows, named = {}) {
  const list = el("dl", {});
  for (const [name, value] of rows) {
    const shown = shownValue(value);
    list.append(el("dt", named, String(name).replaceAll("_", " ")), el("dd", { class: "long" }, shown));
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
  const row = el("li", {}, nodeButton(other, actions));
  const against = disagreement(edge);
  if (against) row.append(el("p", { class: "small against" }, against));
  row.append(claimList(edge));
  return row;
}

function nodeButton(node, actions, more = "") {
  const go = button("", () => actions.visit(node), { class: "node" });
  go.append(swatch(node.type, node.verdict), el("span", { class: "long" }, node.name));
  if (more) go.append(el("span", { class: "tally" }, more));
  return go;
}

/** Where sources say both of one relation: how many say what. */
function disagreement(edge) {
  const twins = nodes[edge.a].edges.filter((e) => e.relation === edge.relation && e.a === edge.a && e.b === edge.b);
  const count = (answer) => {
    const said = twins.filter((e) => e.answer === answer).flatMap((e) => e.claims.map((claim) => claim.said));
    return new Set(said).size;
  };
  const [one, other, key] = relations[edge.relation].signed ? ["+", "-", "disagree"] : ["present", "absent", "disagree_state"];
  if (!relations[edge.relation].signed && !relations[edge.relation].stated) return null;
  const [yes, no] = [count(one), count(other)];
  if (!yes || !no) return null;
  const told = (n, word) => say(n === 1 ? word + "_one" : word + "_many", { n: number(n) });
  return say(key, { yes: told(yes, key + "_yes"), no: told(no, key + "_no") });
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
