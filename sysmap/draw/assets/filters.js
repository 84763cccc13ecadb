// What is shown: the grown set, the tick boxes, the scope and the place. No drawing here.

const state = {
  shown: null, // indices that were asked for, null is all
  off: { type: new Set(), relation: new Set(), area: new Set(), verdict: new Set() },
  place: null,
  selected: null,
  target: null, // the second node of paths
  mode: "neighbours",
  layout: Object.keys(data.layouts)[0],
  view: "graph",
};

const placeType = types.findIndex((type) => type.table === "contexts");
const observing = new Set(relations.map((r, i) => (r.stated ? i : -1)).filter((i) => i >= 0));
const observed = new Set();
for (const edge of edges) if (observing.has(edge.relation)) observed.add(nodes[edge.a].type);
const counted = new Map(data.answers.places.map((place, at) => [place, at]));

function startSet() {
  return data.start === null ? null : new Set(data.start);
}

/** Places that the claims about a node name; empty if they name none. */
function placesOf(node) {
  const found = new Set();
  for (const edge of node.edges) {
    const other = otherEnd(edge, node.index);
    if (nodes[other].type === placeType) found.add(other);
    for (const claim of edge.claims) if (claim.place !== null) found.add(claim.place);
  }
  return found;
}
const places = nodes.map(placesOf);
const workers = new Set(edges.filter((e) => relations[e.relation].work).map((e) => nodes[e.a].type));
const placed = new Set(nodes.filter((node) => places[node.index].size).map((node) => node.type));

/** What is reported of a node in a place: present, absent, contested, or null. */
function reportIn(node, place) {
  const answers = new Set();
  for (const edge of node.edges) {
    if (observing.has(edge.relation) && otherEnd(edge, node.index) === place) answers.add(edge.answer);
  }
  if (answers.has("present") && answers.has("absent")) return "contested";
  return answers.has("present") ? "present" : answers.has("absent") ? "absent" : null;
}

/** What is known of a node in a place; null where nobody could tell silence from not asked. */
function stateIn(node, place) {
  const row = data.answers.of.get(node.index);
  const word = row && counted.has(place) ? data.answers.words[row[counted.get(place)]] : undefined;
  return word || reportIn(node, place);
}

function isThere(node, place) {
  const found = [stateIn(node, place), reportIn(node, place)];
  return found.includes("present") || found.includes("contested");
}

/** Why the place hides a node: absent, unnamed, silent, unasked, unreported; null if it stays. */
function hiddenByPlace(node, place) {
  if (place === null) return null;
  if (node.type === placeType) return node.index === place ? null : "elsewhere";
  if (observed.has(node.type)) {
    if (node.verdict === UNIVERSAL || isThere(node, place)) return null;
    const word = stateIn(node, place);
    if (word === null) return "unreported";
    return { absent: word, silent: word, "not named": "unnamed" }[word] || "unasked";
  }
  return places[node.index].size === 0 || places[node.index].has(place) ? null : "elsewhere";
}

/** What must be said beside a name that a place keeps without a report of its own. */
function asideOf(node) {
  if (state.place === null || node.type === placeType) return "";
  if (observed.has(node.type)) {
    if (isThere(node, state.place)) return "";
    return node.verdict === UNIVERSAL ? say("not_reported_here") : "";
  }
  return places[node.index].size === 0 && placed.has(node.type) && workers.has(node.type) ? say("country_not_stated") : "";
}

/** The filters that hide a node, by name. */
function hiddenBy(node) {
  const found = [];
  if (state.off.type.has(node.type)) found.push("types");
  if (state.off.area.has(areaOf(node))) found.push("areas");
  if (state.off.verdict.has(verdictOf(node))) found.push("verdicts");
  if (hiddenByPlace(node, state.place) !== null) found.push("country");
  return found;
}

function edgePasses(edge) {
  if (state.off.relation.has(edge.relation)) return false;
  if (state.place === null) return true;
  if (edge.a === state.place || edge.b === state.place) return true;
  return edge.claims.some((claim) => claim.place === null || claim.place === state.place);
}

/** Nodes and edges that are drawn and listed now, in map order. */
function visible() {
  const shownNodes = nodes.filter(
    (node) => (state.shown === null || state.shown.has(node.index)) && hiddenBy(node).length === 0
  );
  const there = new Set(shownNodes.map((node) => node.index));
  const shownEdges = edges.filter(
    (edge) => there.has(edge.a) && there.has(edge.b) && edgePasses(edge)
  );
  return { nodes: shownNodes, edges: shownEdges, there };
}

/** Lift only the filters that hide a node; gives their names. */
function lift(node) {
  const lifted = hiddenBy(node);
  if (lifted.includes("types")) state.off.type.delete(node.type);
  if (lifted.includes("areas")) state.off.area.delete(areaOf(node));
  if (lifted.includes("verdicts")) state.off.verdict.delete(verdictOf(node));
  if (lifted.includes("country")) state.place = null;
  return lifted;
}

/** Bring nodes into the picture; true if any was not there. */
function include(indices) {
  if (state.shown === null) return false;
  const before = state.shown.size;
  for (const index of indices) state.shown.add(index);
  const grown = state.shown.size > before;
  if (state.shown.size === nodes.length) state.shown = null;
  return grown;
}
