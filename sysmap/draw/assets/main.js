// Putting it together: one function redraws everything from the state.

const NARROW = window.matchMedia("(max-width: 760px)");
let viewChosen = false;
let returnTo = null;
let remark = ""; // said once beside the counts

function announce(text) {
  byId("live").textContent = text;
}

const actions = {
  select(index) {
    if (index !== null && state.selected === null) returnTo = document.activeElement;
    const before = state.selected;
    state.selected = index;
    if (index === null) aim(null);
    if (growTrace()) update();
    else if (stage.network) relight();
    setDetails(actions);
    setGrow();
    if (index !== null) {
      const node = nodes[index];
      const n = number(neighboursOf(index).size);
      announce(say("selected", { name: node.name.slice(0, 200), type: types[node.type].one, n }));
      if (NARROW.matches) byId("details").focus();
    } else if (before !== null && returnTo && returnTo.isConnected && NARROW.matches) {
      returnTo.focus();
    }
    emit("changed", visible());
  },
  /** Put a state back that was kept elsewhere; what is not named stays as it is. */
  restore(kept) {
    Object.assign(state, kept);
    if (kept.view) viewChosen = true;
    const { target } = state;
    setMode(state.mode);
    aim(state.mode === "paths" ? target : null);
    for (const input of document.querySelectorAll("input[name=layout]")) input.checked = input.value === state.layout;
    changed(true);
  },
  /** Select a node that may not be drawn yet. */
  visit(node) {
    const lifted = lift(node);
    include([node.index]);
    update();
    actions.select(node.index);
    if (stage.network && state.view === "graph") reveal(node.index);
    if (!lifted.length) return;
    remark = say("lifted", { filters: lifted.map((key) => say(key)).join(", ") });
    setCounts(visible());
    announce(remark);
    remark = "";
  },
  /** A hit of the search: the node and its neighbours come into the picture. */
  choose(node) {
    include([node.index, ...neighboursOf(node.index)]);
    actions.visit(node);
    if (stage.lit && state.view === "graph") fit([...highlighted(node.index, "neighbours", stage.view.edges).nodes]);
  },
  /** The next step around a node comes into the picture. */
  grow(index) {
    const lifted = state.selected === index ? stepAround() : [index, ...neighboursOf(index)];
    include(lifted);
    update();
    actions.select(index);
  },
  /** The second node of paths. */
  aim(index) {
    aim(index);
    changed();
    if (stage.lit && state.view === "graph") fit([...stage.lit.nodes]);
  },
  enter() {
    byId("details").focus();
  },
};

function relight(options) {
  const at = state.selected;
  const drawn = at !== null && stage.view && stage.view.there.has(at);
  lightUp(drawn ? highlighted(at, state.mode, stage.view.edges) : null, options);
}

/** The nodes that are drawn or lit up, and all that is linked with them. */
function stepAround() {
  const around = new Set([state.selected]);
  for (const index of stage.lit ? stage.lit.nodes : [state.selected]) {
    around.add(index);
    if (state.shown === null || state.shown.has(index)) for (const other of neighboursOf(index)) around.add(other);
  }
  return around;
}

/** A traced set is drawn whole, whatever the picture began with; true if it grew. */
function growTrace() {
  if (state.selected === null || !isTracing(state.mode)) return false;
  return include(highlighted(state.selected, state.mode, edges).nodes);
}

function aim(index) {
  state.target = index;
  byId("target").value = index === null ? "" : String(index);
}

/** Redraw picture, table, legend and counts. */
function update({ refit = false } = {}) {
  const view = visible();
  const graph = state.view === "graph";
  byId("graph-view").hidden = !graph;
  byId("table-view").hidden = graph;
  document.body.dataset.view = state.view;
  // What stands around the stage comes first: it is measured once, and the stage has its size when it is drawn.
  byId("nothing").hidden = view.nodes.length > 0;
  byId("empty-reset").hidden = !nodes.length;
  byId("empty").textContent = nodes.length ? say("nothing") : say("empty_map");
  for (const input of document.querySelectorAll("input[name=view]")) input.checked = input.value === state.view;
  setCounts(view);
  setLegend(view);
  setScope();
  byId("country").value = state.place === null ? "" : String(state.place);
  if (graph) {
    const fresh = !stage.network;
    const before = stage.layout;
    const free = fresh || refit || !stage.touched;
    holdRows(view, free);
    if (fresh) setUpStage(view, actions);
    drawView(view);
    const moved = before !== null && (before.key !== stage.layout.key || before.held !== stage.held);
    const refits = (free || moved) && view.nodes.length > 0;
    relight({ paint: !refits });
    if (refits) {
      stage.network.setSize("100%", "100%");
      fit();
    } else tellMore();
  } else {
    drawTable(view, actions);
    document.body.dataset.ready = "table";
  }
  setGrow();
  emit("changed", view);
}

function setCounts(view) {
  const text = say("count", {
    n: number(view.nodes.length), N: number(nodes.length), e: number(view.edges.length), E: number(edges.length),
  });
  byId("count").textContent = text;
  const asked = nodes.filter((n) => state.shown === null || state.shown.has(n.index));
  const notes = [];
  if (atStart()) notes.push(startReason());
  else if (state.shown !== null) notes.push(say("grown_reason"));
  const hidden = asked.length - view.nodes.length;
  if (hidden) notes.push(say("hidden_by_filters", { n: number(hidden) }));
  const lost = (verdict) => asked.filter((n) => n.verdict === verdict && state.off.verdict.has(verdict)).length;
  if (lost(INTERMEDIATE) + lost(UNDETERMINED)) {
    notes.push(say("hidden_scope", {
      intermediate: number(lost(INTERMEDIATE)), undetermined: number(lost(UNDETERMINED)),
    }));
  }
  if (state.place !== null) notes.push(hiddenHere(asked));
  if (remark) notes.unshift(remark);
  byId("why").textContent = notes.join(" ").trim();
}

/** The three ways to change what is drawn are always there; one that would do nothing says so. */
function setGrow() {
  const growable = state.shown !== null && state.selected !== null
    && [...stepAround()].some((index) => !state.shown.has(index));
  const idle = { "grow-step": !growable, "show-all": state.shown === null, back: atStart() };
  for (const [id, off] of Object.entries(idle)) byId(id).setAttribute("aria-disabled", String(off));
}

function atStart() {
  return data.start !== null && state.shown !== null && state.shown.size === data.start.length
    && data.start.every((index) => state.shown.has(index));
}

/** Why the picture begins as it does: nothing was chosen by links where its types are whole. */
function startReason() {
  const first = new Set(data.start.map((index) => nodes[index].type));
  const whole = nodes.filter((n) => first.has(n.type)).length === data.start.length;
  if (data.start_reason !== "start_reason" || !whole) return say(data.start_reason);
  return say("start_whole", { types: [...first].map((k) => types[k].many).join(", ") });
}

function hiddenHere(asked) {
  const tally = { absent: 0, unnamed: 0, silent: 0, unasked: 0, unreported: 0 };
  for (const node of asked) {
    const why = hiddenByPlace(node, state.place);
    if (why in tally) tally[why] += 1;
  }
  const counts = Object.entries(tally).filter(([, n]) => n).map(([why, n]) => say(`hidden_${why}`, { n: number(n) }));
  return counts.length ? say("hidden_country", { kind: capital([...observed].map((k) => types[k].many).join(", ")), country: nodes[state.place].name, counts: counts.join(", ") }) : "";
}

function regrow(shown) {
  state.shown = shown;
  changed(true);
}

function changed(refit = false) {
  growTrace();
  update({ refit });
  setDetails(actions);
  announce(byId("count").textContent);
}

// Scope, place, mode, layout, view

function setScope() {
  const off = state.off.verdict;
  const exactly = (verdict) => data.verdicts.every((_, i) => off.has(i) !== (i === verdict));
  for (const input of document.querySelectorAll("input[name=scope]")) {
    input.checked = input.value === "all" ? off.size === 0 : exactly(data.verdicts.indexOf(input.value));
  }
}

function fillCountries() {
  const select = byId("country");
  select.append(el("option", { value: "" }, say("everywhere")));
  const kinds = new Map();
  for (const node of nodes) {
    if (node.type !== placeType) continue;
    const pair = (node.more || []).find(([name]) => name === "kind");
    const kind = pair ? String(pair[1]) : say("other_kind");
    if (!kinds.has(kind)) kinds.set(kind, []);
    kinds.get(kind).push(node);
  }
  byId("country-tool").hidden = kinds.size === 0;
  for (const kind of [...kinds.keys()].sort(collator.compare)) {
    const group = el("optgroup", { label: capital(kind) });
    const listed = kinds.get(kind).sort((p, q) => collator.compare(p.name, q.name));
    for (const node of listed) group.append(el("option", { value: node.index }, node.name.slice(0, 120)));
    select.append(group);
  }
}

/** Every node that an influence begins or ends at can be the second node of paths; listed once they are asked for. */
function fillTargets() {
  const select = byId("target");
  if (select.length) return;
  select.append(el("option", { value: "" }, say("target_none")));
  const ends = new Set(edges.filter((e) => relations[e.relation].trace).flatMap((e) => [e.a, e.b]));
  types.forEach((type, k) => {
    const listed = nodes.filter((n) => n.type === k && ends.has(n.index)).sort((p, q) => collator.compare(p.name, q.name) || p.index - q.index);
    if (!listed.length) return;
    const group = el("optgroup", { label: capital(type.many) });
    for (const node of listed) group.append(el("option", { value: node.index }, node.name.slice(0, 120)));
    select.append(group);
  });
}

function setMode(mode) {
  state.mode = mode;
  byId("mode").value = mode;
  byId("target-tool").hidden = mode !== "paths";
  if (mode === "paths") fillTargets();
  else aim(null);
}

function onRadio(name, action) {
  for (const input of document.querySelectorAll("input[name=" + name + "]")) {
    input.addEventListener("change", () => input.checked && action(input.value));
  }
}

/** A sheet of paper is narrow too; while printing the page stays as it was. */
function onScreen(query, action) {
  query.addEventListener("change", () => document.body.dataset.paper === undefined && action());
}

function setView(view) {
  state.view = view;
  update({ refit: true });
}

function wire() {
  byId("grow").hidden = data.start === null;
  setUpSearch((node) => actions.choose(node));
  fillCountries();
  byId("country").addEventListener("change", (event) => {
    state.place = event.target.value === "" ? null : Number(event.target.value);
    changed();
  });
  byId("mode").addEventListener("change", (event) => {
    setMode(event.target.value);
    changed();
    if (stage.lit && state.view === "graph") fit([...stage.lit.nodes]);
  });
  byId("target").addEventListener("change", (event) => {
    actions.aim(event.target.value === "" ? null : Number(event.target.value));
  });
  const act = (id, action) => byId(id).addEventListener("click", () => {
    if (byId(id).getAttribute("aria-disabled") !== "true") action();
  });
  act("grow-step", () => actions.grow(state.selected));
  act("show-all", () => regrow(null));
  act("back", () => regrow(startSet()));
  byId("empty-reset").addEventListener("click", reset);
  onScreen(PORTRAIT, () => {
    stage.touched = false;
    update({ refit: true });
  });
  onRadio("scope", (value) => {
    state.off.verdict.clear();
    if (value !== "all") {
      data.verdicts.forEach((name, i) => name !== value && state.off.verdict.add(i));
      if (nodes.some((n) => verdictOf(n) === -1)) state.off.verdict.add(-1);
    }
    changed();
  });
  onRadio("layout", (value) => {
    state.layout = value;
    stage.touched = false;
    update({ refit: true });
  });
  onRadio("view", (value) => {
    viewChosen = true;
    setView(value);
  });
  byId("reset").addEventListener("click", reset);
  byId("filters-button").addEventListener("click", () => {
    const open = byId("legend").classList.toggle("open");
    byId("tools").classList.toggle("open", open);
    byId("filters-button").setAttribute("aria-expanded", String(open));
  });
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    viewChosen = true;
    setView("table");
    byId("table-view").focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && state.selected !== null && event.target !== byId("search")) actions.select(null);
  });
  const preferred = () => (PREFERS_DARK.matches ? DARK : LIGHT);
  PREFERS_DARK.addEventListener("change", () => repaint(preferred()));
  window.addEventListener("beforeprint", () => look !== LIGHT && repaint(LIGHT));
  window.addEventListener("afterprint", () => look !== preferred() && repaint(preferred()));
  onScreen(NARROW, () => {
    if (!viewChosen) setView(NARROW.matches ? "table" : "graph");
  });
}

function reset() {
  state.shown = startSet();
  for (const off of Object.values(state.off)) off.clear();
  const layout = Object.keys(data.layouts)[0];
  Object.assign(state, { place: null, selected: null, layout });
  setMode("neighbours");
  for (const input of document.querySelectorAll("input[name=layout]")) input.checked = input.value === layout;
  byId("search").value = "";
  changed(true);
  emit("reset");
}

/** Another colour scheme: everything is painted anew. */
function repaint(colours) {
  look = colours;
  update();
  setDetails(actions);
}

byId("app").hidden = false;
state.shown = startSet();
state.view = NARROW.matches ? "table" : "graph";
wire();
update({ refit: true });
setDetails(actions);
emit("started");
