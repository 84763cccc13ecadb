// The state in the address of the page, so that a view can be sent to a colleague.
// It is written with delay and read with distrust; where a frame forbids it nothing is said.

const HASH_DELAY = 300;
const MOST_HASH = 16000; // longer addresses are cut by mail programs

const KEPT_FILTERS = {
  types: ["type", () => types.map((type) => type.table)],
  relations: ["relation", () => relations.map((relation) => relation.table)],
  areas: ["area", () => data.areas],
  verdicts: ["verdict", () => data.verdicts],
};
const NOT_STATED = "-"; // stands for "no area" and "no verdict"
const byNodeId = new Map(nodes.map((node) => [node.id, node.index]));
const firstLayout = state.layout;
const firstView = () => (NARROW.matches ? "table" : "graph");
let writing = null;
let reading = false;

function list(values) {
  return values.map(encodeURIComponent).join(",");
}

function namesOf(key, off) {
  const all = KEPT_FILTERS[key][1]();
  return [...off].sort((p, q) => p - q).map((i) => (i === -1 ? NOT_STATED : all[i]));
}

/** What differs from the first picture, as text; empty where nothing does. */
function stateAsText() {
  const parts = [];
  const put = (key, value) => parts.push(key + "=" + value);
  for (const [key, [name]] of Object.entries(KEPT_FILTERS)) {
    if (state.off[name].size) put(key, list(namesOf(key, state.off[name])));
  }
  if (state.place !== null) put("place", list([nodes[state.place].id]));
  if (state.layout !== firstLayout) put("layout", list([state.layout]));
  if (state.view !== (data.answer ? "answer" : firstView())) put("view", state.view);
  if (sheet.tab !== "nodes") put("tab", sheet.tab);
  if (state.mode !== "neighbours") put("mode", list([state.mode]));
  if (state.selected !== null) put("at", list([nodes[state.selected].id]));
  if (state.target !== null) put("to", list([nodes[state.target].id]));
  if (data.start !== null) {
    const start = new Set(data.start);
    const grown = state.shown === null ? null : [...state.shown].filter((i) => !start.has(i)).sort((p, q) => p - q);
    if (grown === null) put("shown", "all");
    else if (grown.length) put("shown", list(grown.map((i) => nodes[i].id)));
  }
  return parts.join("&");
}

function writeHash() {
  writing = null;
  const text = stateAsText();
  const wanted = text && text.length < MOST_HASH ? "#" + text : "";
  if (wanted === window.location.hash) return;
  try {
    window.history.replaceState(null, "", wanted || window.location.pathname + window.location.search);
  } catch {
    // A frame without an address of its own keeps no state; the page works all the same.
  }
}

function writeSoon() {
  if (reading) return;
  window.clearTimeout(writing);
  writing = window.setTimeout(writeHash, HASH_DELAY);
}

/** The pairs of an address; what cannot be decoded is left out. */
function pairsOf(text) {
  const found = new Map();
  for (const part of text.replace(/^#/, "").slice(0, MOST_HASH).split("&")) {
    const at = part.indexOf("=");
    if (at < 1) continue;
    try {
      found.set(part.slice(0, at), part.slice(at + 1).split(",").map(decodeURIComponent));
    } catch {
      continue;
    }
  }
  return found;
}

function idsOf(values) {
  return (values || []).map((id) => byNodeId.get(id)).filter((index) => index !== undefined);
}

/** The state that an address asks for, as far as this map has it. */
function stateOf(asked) {
  const off = {};
  for (const [key, [name, all]] of Object.entries(KEPT_FILTERS)) {
    const there = all();
    const wanted = (asked.get(key) || []).map((word) => (word === NOT_STATED ? -1 : there.indexOf(word)));
    off[name] = new Set(wanted.filter((i, k) => i !== -1 || asked.get(key)[k] === NOT_STATED));
  }
  const one = (key, allowed, usual) => {
    const [word] = asked.get(key) || [];
    return allowed.includes(word) ? word : usual;
  };
  const options = (name) => [...document.querySelectorAll(name)].map((option) => option.value);
  const [place] = idsOf(asked.get("place"));
  const [selected] = idsOf(asked.get("at"));
  const kept = {
    off,
    place: place !== undefined && nodes[place].type === placeType ? place : null,
    layout: one("layout", options("input[name=layout]"), firstLayout),
    view: one("view", options("input[name=view]"), data.answer && !asked.has("at") ? "answer" : firstView()),
    mode: one("mode", options("#mode option"), "neighbours"),
    selected: selected === undefined ? null : selected,
    shown: startSet(),
  };
  kept.target = idsOf(asked.get("to"))[0] ?? null;
  if (kept.shown !== null) {
    if ((asked.get("shown") || [])[0] === "all" && !byNodeId.has("all")) kept.shown = null;
    else for (const index of idsOf(asked.get("shown"))) kept.shown.add(index);
  }
  if (kept.shown !== null && kept.selected !== null && !kept.shown.has(kept.selected)) {
    for (const index of [kept.selected, ...neighboursOf(kept.selected)]) kept.shown.add(index);
  }
  return kept;
}

function readHash() {
  const asked = pairsOf(window.location.hash);
  reading = true;
  sheet.tab = TABS().includes((asked.get("tab") || [])[0]) ? asked.get("tab")[0] : "nodes";
  actions.restore(stateOf(asked));
  reading = false;
}

on("changed", writeSoon);
on("reset", () => {
  Object.assign(sheet, { tab: "nodes", by: null, down: false, from: 0 });
  window.clearTimeout(writing);
  writeHash();
});
on("started", () => {
  if (window.location.hash.length > 1 || data.answer) readHash();
  window.addEventListener("hashchange", readHash);
});

// A link inside the page goes where it says and leaves the address alone, because the address is
// the state.
document.addEventListener("click", (event) => {
  const anchor = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
  if (!anchor) return;
  event.preventDefault();
  const goal = byId(anchor.getAttribute("href").slice(1));
  if (goal) goal.scrollIntoView();
  if (goal) goal.focus();
});
