// The drawing: vis-network for nodes, lines, zoom and drag; our own titles, labels and veil.

const PORTRAIT = window.matchMedia("(max-width: 917px), (min-width: 1081px) and (max-width: 1233px), (max-aspect-ratio: 4/5)");
const LEAST_LIT = 0.34; // zoom below which a highlighted set is no longer shown whole
const LEAST_UPRIGHT = 0.66; // zoom below which names on the upright layers are cut short
const LEAST_WIDE = 0.55; // zoom below which the wide layers are no longer shown whole
const FEW = 80; // nodes up to which a filter may move the rest

const stage = {
  network: null, nodeSet: null, edgeSet: null, view: null, lit: null,
  layout: null, drawn: null, unmeasured: true, touched: false, measured: new Map(), placed: null, aimed: null,
  held: null, titles: [], fitted: null,
};

function twoSquares({ ctx, id, x, y }) {
  const colours = paint(nodes[id]);
  const side = SIZES.group * 1.25;
  return {
    drawNode() {
      ctx.fillStyle = colours.fill;
      ctx.strokeStyle = colours.line;
      ctx.lineWidth = colours.width;
      for (const shift of [-0.4, 0.4]) {
        ctx.beginPath();
        ctx.rect(x - side / 2 + shift * side, y - side / 2 - shift * side * 0.7, side, side);
        ctx.fill();
        ctx.stroke();
      }
    },
    nodeDimensions: { width: side * 1.8, height: side * 1.6 },
  };
}

function drawnNode(node) {
  const shape = types[node.type].shape;
  const colours = paint(node);
  const layout = layoutNow();
  const made = {
    id: node.index, x: layout.x[node.index], y: layout.y[node.index],
    shape: shape === "group" ? "custom" : shape, size: SIZES[shape] || 9,
    borderWidth: colours.width, borderWidthSelected: colours.width,
    color: { background: colours.fill, border: colours.line },
  };
  if (shape === "group") made.ctxRenderer = twoSquares;
  return made;
}

/** How far a line bends: parallel ones fan out, and one along a row or column goes round it. */
function bend(edge, rank) {
  const { x, y } = layoutNow();
  const dx = Math.abs(x[edge.a] - x[edge.b]);
  const dy = Math.abs(y[edge.a] - y[edge.b]);
  const along = (dx < 4 && dy > 80) || (dy < 4 && dx > 140);
  if (!rank && !along) return false;
  const roundness = (along ? 0.16 : 0) + Math.ceil(rank / 2) * 0.14;
  return { enabled: true, type: rank % 2 ? "curvedCCW" : "curvedCW", roundness };
}

/** Which of several lines between the same two nodes each one is; filters change none of it. */
function lineRanks() {
  const counts = new Map();
  return edges.map((edge) => {
    const pair = Math.min(edge.a, edge.b) * nodes.length + Math.max(edge.a, edge.b);
    const rank = counts.get(pair) || 0;
    counts.set(pair, rank + 1);
    return rank;
  });
}
const ranks = lineRanks();

/** The more lines, the paler each of them. */
function opacityOf(count) {
  return count > 300 ? 0.26 : count > 160 ? 0.38 : count > 60 ? 0.62 : 0.8;
}

function drawnEdges(shown, opacity = opacityOf(shown.length)) {
  return shown.map((edge) => ({
    id: edge.index, from: edge.a, to: edge.b, arrows: arrowOf(edge), smooth: bend(edge, ranks[edge.index]),
    width: edge.sources <= 1 ? 1.2 : edge.sources <= 3 ? 2.4 : 4,
    color: { color: lineColour(edge), opacity, inherit: false },
  }));
}

const OPTIONS = {
  autoResize: true,
  physics: { enabled: false },
  layout: { improvedLayout: false, randomSeed: 0 },
  interaction: {
    hover: true, hoverConnectedEdges: false, selectConnectedEdges: false, multiselect: false,
    dragNodes: false, dragView: true, zoomView: true, keyboard: false, navigationButtons: false,
    hideEdgesOnDrag: nodes.length > 600, hideEdgesOnZoom: nodes.length > 600, tooltipDelay: 100000,
  },
  nodes: { shadow: false, chosen: false, physics: false, scaling: { min: 8, max: 8 }, font: { size: 0 } },
  edges: { shadow: false, chosen: false, physics: false, dashes: false, arrowStrikethrough: false, selfReference: { size: 12 }, font: { size: 0 } },
};

/** Names are drawn by ourselves, so no node or line prepares letters of its own, which takes as long as the rest. */
function withoutLetters(network) {
  const letters = Object.getPrototypeOf(network.body.functions.createNode({ id: -1 }).labelModule);
  for (const name of ["update", "getTextSize", "calculateLabelSize", "draw"]) letters[name] = () => {};
}

function setUpStage(view, actions) {
  stage.nodeSet = new vis.DataSet(view.nodes.map(drawnNode));
  stage.edgeSet = new vis.DataSet(drawnEdges(view.edges));
  stage.drawn = drawing(view);
  const holder = byId("stage");
  stage.network = new vis.Network(holder, {}, OPTIONS);
  withoutLetters(stage.network);
  stage.network.setData({ nodes: stage.nodeSet, edges: stage.edgeSet });
  stage.network.on("beforeDrawing", (ctx) => {
    measureEnds(ctx);
    drawBands(ctx);
  });
  stage.network.on("afterDrawing", (ctx) => {
    if (stage.lit) drawLit(ctx);
    drawLabels(ctx);
    if (stage.view) document.body.dataset.ready = "graph";
  });
  // On a slow machine, or under a slow finger, a click arrives as a hold.
  for (const event of ["click", "hold"]) {
    stage.network.on(event, ({ pointer }) => {
      const hit = stage.network.getNodeAt(pointer.DOM);
      if (event === "hold" && hit === undefined) return; // a pause before dragging
      const second = state.mode === "paths" && state.selected !== null && hit !== undefined && hit !== state.selected;
      if (second) actions.aim(hit);
      else actions.select(hit === undefined ? null : hit);
    });
  }
  stage.network.on("doubleClick", ({ nodes: hit }) => hit.length && actions.grow(hit[0]));
  stage.network.on("hoverNode", ({ node, pointer }) => showTip(nodes[node], pointer.DOM));
  stage.network.on("blurNode", hideTip);
  for (const event of ["dragStart", "zoom"]) {
    stage.network.on(event, () => {
      stage.touched = true;
      byId("goes-on").hidden = true;
      hideTip();
    });
  }
  stage.network.on("resize", () => {
    if (!stage.touched) {
      window.requestAnimationFrame(() => {
        fit(stage.aimed);
        if (!stage.aimed && stage.lit) reveal(state.selected);
      });
    }
    const scale = stage.network.getScale(); // what vis-network changes next, and a reader placed
    if (stage.touched) window.queueMicrotask(() => stage.network.moveTo({ scale, animation: false }));
  });
  const zoom = (factor) => () => {
    stage.touched = true;
    stage.network.moveTo({ scale: stage.network.getScale() * factor, animation: false });
  };
  const refit = () => fit(null, { whole: true });
  byId("zoom-in").addEventListener("click", zoom(1.3));
  byId("zoom-out").addEventListener("click", zoom(1 / 1.3));
  byId("fit").addEventListener("click", refit);
  holder.addEventListener("keydown", (event) => {
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (arrows[event.key]) {
      actions.select(nearest(arrows[event.key]));
      if (state.selected !== null) reveal(state.selected);
    } else if (event.key === "Enter" && state.selected !== null) actions.enter();
    else if (event.key === "Escape") actions.select(null);
    else if (event.key === "+" || event.key === "=") zoom(1.3)();
    else if (event.key === "-") zoom(1 / 1.3)();
    else if (event.key === "0") refit();
    else return;
    event.preventDefault();
  });
}

/** The next node in a direction: near, and not far off the line. */
function nearest([dx, dy]) {
  const { x, y } = layoutNow();
  const at = state.selected;
  if (at === null || !stage.view.there.has(at)) return stage.view.nodes.length ? stage.view.nodes[0].index : null;
  let best = at;
  let least = Infinity;
  for (const node of stage.view.nodes) {
    const ahead = (x[node.index] - x[at]) * dx + (y[node.index] - y[at]) * dy;
    const aside = Math.abs((x[node.index] - x[at]) * dy) + Math.abs((y[node.index] - y[at]) * dx);
    const cost = ahead + 2.5 * aside;
    if (ahead > 1 && cost < least) [best, least] = [node.index, cost];
  }
  return best;
}

function isUpright() {
  return state.layout === "layers" && PORTRAIT.matches && data.layouts.portrait !== undefined;
}

/** The layout as it is drawn: on a narrow stage the layers stand on end. */
function layoutNow() {
  const whole = state.layout === "layers" && state.shown === null && data.layouts.whole !== undefined;
  const key = isUpright() ? "portrait" : whole ? "whole" : state.layout;
  const now = { key, shown: state.shown, size: state.shown === null ? nodes.length : state.shown.size, held: stage.held };
  if (!stage.layout || Object.keys(now).some((name) => now[name] !== stage.layout[name])) {
    stage.layout = { ...closedUp(data.layouts[key]), ...now };
  }
  return stage.layout;
}

/** Where filters leave little, the rows that they emptied close up, unless the reader placed the stage. */
function holdRows(view, free) {
  if (!free && (!stage.held || view.nodes.every((node) => stage.held.has(node.index)))) return;
  stage.held = free && view.nodes.length && view.nodes.length <= FEW ? new Set(view.nodes.map((node) => node.index)) : null;
}

/** The layout without the rows that hold nothing of what was asked for. */
function closedUp(layout) {
  const asked = stage.held || state.shown;
  if (asked === null || !layout.bands.length) return layout;
  const filled = new Set([...asked].map((index) => layout.y[index]));
  const rows = [...new Set(layout.y)].sort((p, q) => p - q);
  let lost = 0;
  const lostAbove = rows.map((y, i) => (lost += !filled.has(y) && (!i || y - rows[i - 1] >= CELL) ? CELL : 0));
  // What stands between rows, such as the rule of a band, keeps its distance from the row above.
  const moved = (y) => {
    let at = rows.length - 1;
    while (at >= 0 && rows[at] > y) at -= 1;
    return at < 0 ? y : y - lostAbove[at];
  };
  return {
    ...layout, y: layout.y.map(moved),
    bands: layout.bands.map(([title, level, left, top, right, bottom]) => [title, level, left, moved(top), right, moved(bottom)]),
  };
}

/** What all that is drawn has in common; where it changes everything is drawn anew. */
function drawing(view) {
  return { layout: layoutNow(), look, opacity: opacityOf(view.edges.length) };
}

/** Hand what is visible to vis-network: nodes and lines come and go whole, none is changed in part. */
function drawView(view) {
  stage.view = view;
  stage.placed = null;
  const now = drawing(view);
  const keep = Object.keys(now).every((key) => now[key] === stage.drawn[key]);
  stage.drawn = now;
  const depart = (set, shown) => {
    const wanted = new Set(keep ? shown.map((one) => one.index) : []);
    const gone = set.getIds().filter((id) => !wanted.has(id));
    if (gone.length) set.remove(gone);
    return new Set(set.getIds());
  };
  const lines = depart(stage.edgeSet, view.edges);
  const points = depart(stage.nodeSet, view.nodes);
  const freshNodes = view.nodes.filter((node) => !points.has(node.index));
  const freshEdges = view.edges.filter((edge) => !lines.has(edge.index));
  stage.unmeasured ||= freshNodes.length + freshEdges.length > 0;
  if (freshNodes.length) stage.nodeSet.add(freshNodes.map(drawnNode));
  if (freshEdges.length) stage.edgeSet.add(drawnEdges(freshEdges, now.opacity));
  byId("stage").setAttribute(
    "aria-label", say("stage", { n: number(view.nodes.length), e: number(view.edges.length) })
  );
  hideTip();
}

/** A line ends where its arrow begins, which vis-network learns only by drawing the arrow, after the line. */
function measureEnds(ctx) {
  if (!stage.unmeasured) return;
  stage.unmeasured = false;
  const { nodes: points, edges: lines } = stage.network.body;
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, 0, 0, 0);
  ctx.clip();
  for (const point of Object.values(points)) if (point.options.ctxRenderer) point.draw(ctx); // tells its size so alone
  ctx.restore();
  for (const line of Object.values(lines)) {
    const values = line.getFormattingValues();
    if (values.toArrow) line.edgeType.toPoint = line.edgeType.getArrowData(ctx, "to", line.edgeType.getViaNode(), false, false, values).core;
  }
}

function lightUp(lit, { paint: now = true } = {}) {
  stage.lit = lit;
  stage.placed = null;
  if (now) stage.network.redraw();
}

/** Show a set of nodes as large as the stage allows, at most a little above full size. */
function fit(indices = null, { whole = false } = {}) {
  const layout = layoutNow();
  const wanted = indices || stage.view.nodes.map((node) => node.index);
  const holder = byId("stage");
  if (!wanted.length || !holder.clientWidth) return;
  stage.aimed = indices; // what a stage of another size shows again
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const index of wanted) {
    box.left = Math.min(box.left, layout.x[index] - 66);
    box.right = Math.max(box.right, layout.x[index] + 66);
    box.top = Math.min(box.top, layout.y[index] - 24);
    box.bottom = Math.max(box.bottom, layout.y[index] + 54);
  }
  if (!indices) {
    const shown = shownBands();
    if (shown.length) {
      const { left, right, top } = outline(shown);
      box.left = Math.min(box.left, left);
      box.right = Math.max(box.right, right);
      box.top = Math.min(box.top, top);
    }
    stage.touched = false;
  }
  // Labels keep their size on the screen, so beside bare nodes they need room in pixels.
  const [wide, tall] = layout.bands.length ? [16, 36] : [172, 92];
  const scaleBeside = (across, down) => Math.max(0.02, Math.min(
    (holder.clientWidth - wide - across) / (box.right - box.left),
    (holder.clientHeight - tall - down) / (box.bottom - box.top), 1.25
  ));
  // The buttons of the zoom stand at the right, or above what stands on end.
  const across = layout.bands.length && !isUpright() ? 40 : 0;
  const small = across && titlesAside(scaleBeside(across, 0));
  const beside = isUpright() ? [0, 0, 34, 16] : [0, across, 0, 0];
  const [before, after, above, below] = small ? [126, 44, 30, 24] : beside;
  let scale = scaleBeside(before + after, above + below);
  let y = (box.top + box.bottom) / 2 + (layout.bands.length ? (8 - (above - below) / 2) / scale : 0);
  // Layers are read from the top, at a size that can be read, not all at once.
  const broad = (holder.clientWidth - wide - across) / (box.right - box.left);
  const readable = Math.max(Math.min(LEAST_UPRIGHT, broad), across && ASIDE_BELOW);
  const goesOn = !indices && !whole && layout.bands.length && scale < Math.min(readable, across ? LEAST_WIDE : 1);
  let x = (box.left + box.right) / 2 - (before - after) / 2 / scale;
  if (goesOn) {
    scale = readable;
    y = box.top + (holder.clientHeight / 2 - (across ? 8 : 44)) / scale;
    x = Math.min((box.left + box.right + across / scale) / 2, box.left + (holder.clientWidth - wide) / 2 / scale);
  }
  // A traced set that is too large to be read at once is read from the selection outwards.
  if (indices && state.selected !== null && scale < LEAST_LIT) {
    scale = LEAST_LIT;
    const middle = (at, low, high, room) => (high - low <= room ? (low + high) / 2
      : Math.max(low + room / 2, Math.min(high - room / 2, at)));
    x = middle(layout.x[state.selected], box.left, box.right, (holder.clientWidth - wide) / scale);
    y = middle(layout.y[state.selected], box.top, box.bottom, (holder.clientHeight - tall) / scale);
  }
  stage.network.moveTo({ position: { x, y }, scale, animation: false });
  tellMore(wanted);
  stage.fitted = { scale, seen: seenWindow(scale) };
}

/** Say whether anything that is wanted lies outside the stage, or so low that its name does. */
function tellMore(wanted = stage.view.nodes.map((node) => node.index)) {
  const { x, y } = layoutNow();
  const { clientWidth, clientHeight } = byId("stage");
  byId("goes-on").hidden = !wanted.some((index) => {
    const at = stage.network.canvasToDOM({ x: x[index], y: y[index] });
    return at.x < 0 || at.x > clientWidth || at.y < 0 || at.y > clientHeight - 28;
  });
}

/** Bring a node into the middle third of the stage without changing the zoom much. */
function reveal(index) {
  const layout = layoutNow();
  const holder = byId("stage");
  const at = stage.network.canvasToDOM({ x: layout.x[index], y: layout.y[index] });
  const inside = at.x > 40 && at.x < holder.clientWidth - 40 && at.y > 50 && at.y < holder.clientHeight - 70;
  if (inside) return;
  stage.network.moveTo({ position: { x: layout.x[index], y: layout.y[index] }, animation: false });
}

// The selection above the veil

function drawLit(ctx) {
  const holder = byId("stage");
  const from = stage.network.DOMtoCanvas({ x: 0, y: 0 });
  const to = stage.network.DOMtoCanvas({ x: holder.clientWidth, y: holder.clientHeight });
  ctx.fillStyle = look.veil;
  ctx.fillRect(from.x, from.y, to.x - from.x, to.y - from.y);
  drawAbove(ctx);
}

/** The highlighted set once more, above whatever covers the rest. */
function drawAbove(ctx) {
  const body = stage.network.body;
  for (const index of stage.lit.edges) if (body.edges[index]) drawStrongly(body.edges[index], ctx);
  for (const index of stage.lit.nodes) if (body.nodes[index]) body.nodes[index].draw(ctx);
  const at = body.nodes[state.selected];
  if (!at) return;
  const scale = stage.network.getScale();
  ctx.beginPath();
  ctx.arc(at.x, at.y, 15 + 3 / scale, 0, 2 * Math.PI);
  ctx.strokeStyle = look.ink;
  ctx.lineWidth = 2.5 / scale;
  ctx.stroke();
}

function drawStrongly(edge, ctx) {
  const { opacity } = edge.options.color;
  edge.options.color.opacity = 0.95;
  edge.draw(ctx);
  edge.drawArrows(ctx);
  edge.options.color.opacity = opacity;
}

// The tip

function showTip(node, at) {
  const tip = byId("tip");
  const parts = [types[node.type].one];
  if (areaOf(node) !== null) parts.push(areaName(areaOf(node)));
  if (node.verdict !== undefined) parts.push(verdictName(node.verdict));
  tip.replaceChildren(el("strong", {}, node.name.slice(0, 300)), el("span", {}, parts.join(" · ")));
  tip.hidden = false;
  const stageBox = byId("stage");
  const left = Math.max(4, Math.min(at.x + 14, stageBox.clientWidth - tip.offsetWidth - 4));
  const top = Math.max(4, Math.min(at.y + 14, stageBox.clientHeight - tip.offsetHeight - 4));
  tip.style.left = left + "px";
  tip.style.top = top + "px";
}

function hideTip() {
  byId("tip").hidden = true;
}
