// The drawing: vis-network for nodes, lines, zoom and drag; our own titles, labels and veil.

const INK = "#1d1d1b";
const HALO = "rgba(255,255,255,0.94)";
const VEIL = "rgba(255,255,255,0.86)";
const SIZES = { star: 13, dot: 9, square: 8.5, triangle: 9.5, triangleDown: 9.5, diamond: 10.5, hexagon: 9.5, group: 9 };
const SIGNS = { "+": "#0072B2", "-": "#C0392B" };
const UNKNOWN_SIGN = "#6B6B6B";
const FONT = '-apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif';
const ASIDE_BELOW = 0.5; // zoom below which titles of bands stand left of them
const SVG = "http://www.w3.org/2000/svg";

const stage = {
  network: null, nodeSet: null, edgeSet: null, view: null, lit: null,
  touched: false, measured: new Map(), placed: null,
};

/** Colours of a node: the verdict is its fill, its type is the hue. */
function paint(node) {
  const hue = types[node.type].colour;
  const verdict = node.verdict === undefined ? null : data.verdicts[node.verdict];
  if (verdict === "intermediate") return { fill: tint(hue), line: hue, width: 2 };
  if (verdict === "context-specific") return { fill: "#ffffff", line: hue, width: 3.5 };
  if (verdict === "undetermined") return { fill: "#ffffff", line: "#767676", width: 1.2 };
  return { fill: hue, line: INK, width: 1 };
}

function tint(hex) {
  const part = (from) => Math.round(255 - (255 - parseInt(hex.slice(from, from + 2), 16)) * 0.32);
  return "rgb(" + part(1) + "," + part(3) + "," + part(5) + ")";
}

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
  const layout = data.layouts[state.layout];
  const made = {
    id: node.index, x: layout.x[node.index], y: layout.y[node.index],
    shape: shape === "group" ? "custom" : shape, size: SIZES[shape] || 9,
    borderWidth: colours.width, borderWidthSelected: colours.width,
    color: { background: colours.fill, border: colours.line }, chosen: false, physics: false,
  };
  if (shape === "group") made.ctxRenderer = twoSquares;
  return made;
}

function lineColour(edge) {
  const relation = relations[edge.relation];
  if (relation.signed) return SIGNS[edge.answer] || UNKNOWN_SIGN;
  return edge.answer === "absent" ? "#9a9a9a" : relation.colour;
}

function arrowOf(edge) {
  const relation = relations[edge.relation];
  if (!relation.directed) return { to: { enabled: false } };
  if (!relation.signed) return { to: { enabled: true, type: "arrow", scaleFactor: 0.4 } };
  const type = edge.answer === "+" ? "arrow" : edge.answer === "-" ? "bar" : "circle";
  return { to: { enabled: true, type, scaleFactor: type === "arrow" ? 0.6 : 0.5 } };
}

/** How far a line bends: parallel ones fan out, and one along a row or column goes round it. */
function bend(edge, rank) {
  const { x, y } = data.layouts[state.layout];
  const dx = Math.abs(x[edge.a] - x[edge.b]);
  const dy = Math.abs(y[edge.a] - y[edge.b]);
  const along = (dx < 4 && dy > 80) || (dy < 4 && dx > 140);
  if (!rank && !along) return false;
  const roundness = (along ? 0.16 : 0) + Math.ceil(rank / 2) * 0.14;
  return { enabled: true, type: rank % 2 ? "curvedCCW" : "curvedCW", roundness };
}

function drawnEdges(shown) {
  const ranks = new Map();
  const opacity = shown.length > 160 ? 0.38 : shown.length > 60 ? 0.62 : 0.8;
  return shown.map((edge) => {
    const pair = Math.min(edge.a, edge.b) + " " + Math.max(edge.a, edge.b);
    const rank = ranks.get(pair) || 0;
    ranks.set(pair, rank + 1);
    return {
      id: edge.index, from: edge.a, to: edge.b, arrows: arrowOf(edge), smooth: bend(edge, rank),
      width: edge.sources <= 1 ? 1.2 : edge.sources <= 3 ? 2.4 : 4,
      color: { color: lineColour(edge), opacity, inherit: false }, chosen: false, physics: false,
    };
  });
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
  nodes: { shadow: false, scaling: { min: 8, max: 8 }, font: { size: 0 } },
  edges: { shadow: false, dashes: false, arrowStrikethrough: false, selfReference: { size: 12 }, font: { size: 0 } },
};

function setUpStage(actions) {
  stage.nodeSet = new vis.DataSet([]);
  stage.edgeSet = new vis.DataSet([]);
  const holder = byId("stage");
  stage.network = new vis.Network(holder, { nodes: stage.nodeSet, edges: stage.edgeSet }, OPTIONS);
  stage.network.on("beforeDrawing", drawBands);
  stage.network.on("afterDrawing", (ctx) => {
    if (stage.lit) drawLit(ctx);
    drawLabels(ctx);
    if (stage.view) document.body.dataset.ready = "graph";
  });
  stage.network.on("click", ({ nodes: hit }) => actions.select(hit.length ? hit[0] : null));
  stage.network.on("doubleClick", ({ nodes: hit }) => hit.length && actions.grow(hit[0]));
  stage.network.on("hoverNode", ({ node, pointer }) => showTip(nodes[node], pointer.DOM));
  stage.network.on("blurNode", hideTip);
  for (const event of ["dragStart", "zoom"]) {
    stage.network.on(event, () => {
      stage.touched = true;
      hideTip();
    });
  }
  stage.network.on("resize", () => !stage.touched && window.requestAnimationFrame(() => fit()));
  const zoom = (factor) => () => {
    stage.touched = true;
    stage.network.moveTo({ scale: stage.network.getScale() * factor, animation: false });
  };
  const refit = () => fit();
  byId("zoom-in").addEventListener("click", zoom(1.3));
  byId("zoom-out").addEventListener("click", zoom(1 / 1.3));
  byId("fit").addEventListener("click", refit);
  holder.addEventListener("keydown", (event) => {
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (arrows[event.key]) actions.select(nearest(arrows[event.key]));
    else if (event.key === "Enter" && state.selected !== null) actions.enter();
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
  const { x, y } = data.layouts[state.layout];
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

/** Hand what is visible to vis-network; nodes are redrawn whole, never changed in part. */
function drawView(view) {
  stage.view = view;
  stage.placed = null;
  stage.edgeSet.clear();
  stage.nodeSet.clear();
  stage.nodeSet.add(view.nodes.map(drawnNode));
  stage.edgeSet.add(drawnEdges(view.edges));
  byId("stage").setAttribute(
    "aria-label", say("stage", { n: number(view.nodes.length), e: number(view.edges.length) })
  );
  hideTip();
}

function lightUp(lit) {
  stage.lit = lit;
  stage.placed = null;
  stage.network.redraw();
}

/** Show a set of nodes as large as the stage allows, at most a little above full size. */
function fit(indices = null) {
  const layout = data.layouts[state.layout];
  const wanted = indices || stage.view.nodes.map((node) => node.index);
  const holder = byId("stage");
  if (!wanted.length || !holder.clientWidth) return;
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const index of wanted) {
    box.left = Math.min(box.left, layout.x[index] - 66);
    box.right = Math.max(box.right, layout.x[index] + 66);
    box.top = Math.min(box.top, layout.y[index] - 24);
    box.bottom = Math.max(box.bottom, layout.y[index] + 54);
  }
  if (!indices) {
    for (const [, , left, top, right] of shownBands()) {
      box.left = Math.min(box.left, left);
      box.right = Math.max(box.right, right);
      box.top = Math.min(box.top, top);
    }
    stage.touched = false;
  }
  // Labels keep their size on the screen, so beside bare nodes they need room in pixels.
  const [wide, tall] = layout.bands.length ? [16, 36] : [90, 40];
  const scaleBeside = (margin) => Math.max(0.05, Math.min(
    (holder.clientWidth - wide - margin) / (box.right - box.left),
    (holder.clientHeight - tall) / (box.bottom - box.top), 1.25
  ));
  const small = layout.bands.length && scaleBeside(0) < ASIDE_BELOW;
  const [before, after] = small ? [126, 34] : [0, 0];
  const scale = scaleBeside(before + after);
  stage.network.moveTo({
    position: {
      x: (box.left + box.right) / 2 - (before - after) / 2 / scale, y: (box.top + box.bottom) / 2 + (layout.bands.length ? 8 / scale : 0),
    },
    scale, animation: false,
  });
}

/** Bring a node into the middle third of the stage without changing the zoom much. */
function reveal(index) {
  const layout = data.layouts[state.layout];
  const holder = byId("stage");
  const at = stage.network.canvasToDOM({ x: layout.x[index], y: layout.y[index] });
  const inside = at.x > 70 && at.x < holder.clientWidth - 70 && at.y > 50 && at.y < holder.clientHeight - 70;
  if (inside) return;
  stage.touched = true;
  stage.network.moveTo({ position: { x: layout.x[index], y: layout.y[index] }, animation: false });
}

// Titles of bands and areas

function shownBands() {
  const { x, y, bands } = data.layouts[state.layout];
  return bands.filter(([, , left, top, right, bottom]) =>
    stage.view.nodes.some(
      ({ index }) => x[index] > left && x[index] < right && y[index] > top && y[index] < bottom
    )
  );
}

function drawBands(ctx) {
  if (!stage.view) return;
  const scale = stage.network.getScale();
  const px = (value) => value / scale;
  const shown = shownBands();
  const lowest = stage.view.nodes.reduce(
    (low, { index }) => Math.max(low, data.layouts[state.layout].y[index] + 54), -Infinity
  );
  ctx.textBaseline = "alphabetic";
  const columns = [];
  for (const [title, level, left, top, right, bottom] of shown) {
    if (level === 1) {
      ctx.fillStyle = "#f5f3ee";
      ctx.fillRect(left + 3, top + 46, right - left - 6, Math.min(bottom, lowest) - top - 46);
      columns.push({ title, left, right, floor: top + 46 });
    } else {
      ctx.strokeStyle = "#d6d2c9";
      ctx.lineWidth = px(1);
      ctx.beginPath();
      ctx.moveTo(left + 3, top + 2);
      ctx.lineTo(right - 3, top + 2);
      ctx.stroke();
      ctx.fillStyle = "#14344f";
      ctx.font = "700 " + px(13) + "px " + FONT;
      const aside = scale < ASIDE_BELOW;
      ctx.textAlign = aside ? "right" : "left";
      ctx.fillText(title, aside ? left - px(20) : left + 5, top + px(aside ? 13 : 18));
    }
  }
  drawAreaTitles(ctx, columns, scale);
}

/** Titles of areas over their columns; where columns are narrow every second one stands higher. */
function drawAreaTitles(ctx, columns, scale) {
  const px = (value) => value / scale;
  const broadest = (size, title) => {
    ctx.font = "600 " + px(size) + "px " + FONT;
    return Math.max(...title.split(/\s+/u).map((word) => ctx.measureText(word).width));
  };
  const fits = (size, share) => columns.every(
    ({ title, left, right }) => broadest(size, title) <= (right - left) * share
  );
  const single = [12, 11, 10].find((size) => fits(size, 1));
  const size = single || [11, 10, 9, 8.5].find((small) => fits(small, 2.05));
  if (!size) return; // the legend, the tip and the table still name the areas
  ctx.font = "600 " + px(size) + "px " + FONT;
  ctx.fillStyle = "#3c3a36";
  ctx.textAlign = "center";
  columns.forEach(({ title, left, right, floor }, k) => {
    const lines = wrap(ctx, title, (right - left) * (single ? 1 : 2.05), single ? 3 : 2);
    const raised = !single && k % 2 ? 2.1 : 0;
    lines.forEach((line, i) => {
      const up = 5 + size * 1.15 * (lines.length - 1 - i + raised);
      ctx.fillText(line, (left + right) / 2, floor - px(up));
    });
  });
}

// The selection above the veil

function drawLit(ctx) {
  const holder = byId("stage");
  const from = stage.network.DOMtoCanvas({ x: 0, y: 0 });
  const to = stage.network.DOMtoCanvas({ x: holder.clientWidth, y: holder.clientHeight });
  ctx.fillStyle = VEIL;
  ctx.fillRect(from.x, from.y, to.x - from.x, to.y - from.y);
  const body = stage.network.body;
  for (const index of stage.lit.edges) if (body.edges[index]) drawStrongly(body.edges[index], ctx);
  for (const index of stage.lit.nodes) if (body.nodes[index]) body.nodes[index].draw(ctx);
  const at = body.nodes[state.selected];
  if (!at) return;
  const scale = stage.network.getScale();
  ctx.beginPath();
  ctx.arc(at.x, at.y, 15 + 3 / scale, 0, 2 * Math.PI);
  ctx.strokeStyle = INK;
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

// Labels: placed by the size of their letters, most linked first, never over one another

function wrap(ctx, text, room, most) {
  const lines = [];
  let line = "";
  const fits = (value) => ctx.measureText(value).width <= room;
  for (const word of text.slice(0, 240).split(/\s+/u)) {
    const longer = line ? line + " " + word : word;
    if (fits(longer) || (!line && lines.length === most - 1)) {
      line = longer;
    } else {
      if (line) lines.push(line);
      line = word;
    }
    while (!fits(line) && lines.length < most - 1 && line.length > 7) {
      let cut = line.length - 3;
      while (cut > 4 && !fits(line.slice(0, cut) + "-")) cut -= 1;
      lines.push(line.slice(0, cut) + "-");
      line = line.slice(cut);
    }
  }
  if (line) lines.push(line);
  if (lines.length > most || !fits(lines[lines.length - 1]) || text.length > 240) {
    const over = lines.length > most || text.length > 240;
    lines.length = Math.min(lines.length, most);
    let last = lines[most - 1] || lines[lines.length - 1];
    while (last.length > 1 && !fits(last + "…")) last = last.slice(0, -1);
    if (over || last !== lines[lines.length - 1]) lines[lines.length - 1] = last.trimEnd() + "…";
  }
  return lines;
}

function labelLines(ctx, node, size, room, most) {
  const strong = node.index === state.selected ? "700 " : "";
  const key = strong + node.index + " " + Math.round(room) + " " + size.toFixed(1) + " " + most;
  let lines = stage.measured.get(key);
  if (!lines) {
    if (stage.measured.size > 6000) stage.measured.clear();
    ctx.font = strong + size + "px " + FONT;
    const text = wrap(ctx, labelOf(node), room, most);
    lines = { text, width: Math.max(...text.map((line) => ctx.measureText(line).width)) };
    stage.measured.set(key, lines);
  }
  return lines;
}

/** Boxes in screen pixels from the origin of the map; panning changes none of them. */
function placeLabels(ctx, scale) {
  const layout = data.layouts[state.layout];
  const size = Math.min(15, Math.max(10.5, 12 * scale));
  const tall = size * 1.16;
  const inCells = layout.bands.length > 0;
  const room = inCells ? Math.max(62, 122 * scale) : Math.max(104, 118 * scale);
  const first = layout.bands.length > 1 ? layout.bands[0] : null;
  const grid = new Map();
  const cellsOf = (box) => {
    const found = [];
    for (let i = Math.floor(box.left / 90); i <= Math.floor(box.right / 90); i += 1) {
      for (let j = Math.floor(box.top / 50); j <= Math.floor(box.bottom / 50); j += 1) found.push(i + " " + j);
    }
    return found;
  };
  const claim = (box) => {
    for (const cell of cellsOf(box)) {
      if (!grid.has(cell)) grid.set(cell, []);
      grid.get(cell).push(box);
    }
  };
  const free = (box, own) => cellsOf(box).every((cell) => (grid.get(cell) || []).every(
    (other) => other.owner === own || other.left >= box.right || other.right <= box.left
      || other.top >= box.bottom || other.bottom <= box.top
  ));
  const listed = stage.lit ? stage.view.nodes.filter((n) => stage.lit.nodes.has(n.index)) : stage.view.nodes;
  const radius = (node) => node.index === state.selected
    ? 15 * scale + 6 : (SIZES[types[node.type].shape] || 9) * scale + 2;
  for (const node of listed) {
    const [x, y, r] = [layout.x[node.index] * scale, layout.y[node.index] * scale, radius(node)];
    claim({ left: x - r, right: x + r, top: y - r, bottom: y + r, owner: node.index });
  }
  const rank = (node) => (node.index === state.selected ? -1 : layout.tiers[node.index]);
  for (const [title, level, left, top] of inCells ? shownBands() : []) {
    if (level || scale < ASIDE_BELOW) continue;
    const [x, y] = [left * scale + 5, top * scale];
    claim({ left: x, right: x + title.length * 8, top: y, bottom: y + 24, owner: -1 });
  }
  const ordered = listed.slice().sort(
    (p, q) => rank(p) - rank(q) || q.edges.length - p.edges.length || p.index - q.index
  );
  const placed = [];
  for (const node of ordered) {
    const [x, y, r] = [layout.x[node.index] * scale, layout.y[node.index] * scale, radius(node)];
    for (const lineCount of [3, 2, 1]) {
      const lines = labelLines(ctx, node, size, room, lineCount);
      const height = lines.text.length * tall;
      const half = lines.width / 2;
      const below = [x, y + r + 1, "center", x - half, y + r];
      const above = [x, y - r - height - 1, "center", x - half, y - r - height - 2];
      const topmost = first && layout.y[node.index] < first[5];
      const spots = inCells ? [topmost ? above : below] : [
        below, above,
        [x + r + 3, y - height / 2, "left", x + r + 2, y - height / 2],
        [x - r - 3, y - height / 2, "right", x - r - 2 - lines.width, y - height / 2],
      ];
      const spot = spots.find(([, , , left, top]) =>
        free({ left, right: left + lines.width, top, bottom: top + height }, node.index)
      );
      if (!spot) continue;
      const [tx, ty, align, left, top] = spot;
      claim({ left, right: left + lines.width, top, bottom: top + height, owner: node.index });
      placed.push({ lines: lines.text, x: tx, y: ty, align, strong: node.index === state.selected });
      break;
    }
  }
  return { scale, size, tall, placed };
}

function drawLabels(ctx) {
  if (!stage.view) return;
  const scale = stage.network.getScale();
  if (!stage.placed || stage.placed.scale !== scale) stage.placed = placeLabels(ctx, scale);
  const { size, tall, placed } = stage.placed;
  ctx.textBaseline = "top";
  ctx.lineJoin = "round";
  ctx.lineWidth = 3.2 / scale;
  ctx.strokeStyle = HALO;
  for (const { lines, x, y, align, strong } of placed) {
    ctx.font = (strong ? "700 " : "") + size / scale + "px " + FONT;
    ctx.textAlign = align;
    lines.forEach((line, i) => {
      const at = (y + i * tall) / scale;
      ctx.strokeText(line, x / scale, at);
      ctx.fillStyle = INK;
      ctx.fillText(line, x / scale, at);
    });
  }
}

// The tip and the swatches

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

const OUTLINES = {
  dot: "M8 2a6 6 0 1 0 0.01 0Z",
  star: "M8 1l2 5h5l-4 3.2 1.5 5L8 11.2 3.5 14.2 5 9.2 1 6h5Z",
  square: "M3 3h10v10H3Z",
  triangle: "M8 2l6.2 11.5H1.8Z",
  triangleDown: "M8 14L1.8 2.5h12.4Z",
  diamond: "M8 1l6.5 7L8 15 1.5 8Z",
  hexagon: "M4.5 2h7L15 8l-3.5 6h-7L1 8Z",
  group: "M2 6h8v8H2ZM6 2h8v8h-4V6H6Z",
};

function picture(...paths) {
  const svg = document.createElementNS(SVG, "svg");
  const fixed = { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", class: "swatch" };
  for (const [name, value] of Object.entries(fixed)) svg.setAttribute(name, String(value));
  for (const attributes of paths) {
    const path = document.createElementNS(SVG, "path");
    for (const [name, value] of Object.entries(attributes)) path.setAttribute(name, String(value));
    svg.append(path);
  }
  return svg;
}

function swatch(type, verdict) {
  const { shape } = types[type];
  const colours = paint(verdict === undefined ? { type } : { type, verdict });
  return picture({
    d: OUTLINES[shape] || OUTLINES.dot, fill: colours.fill, stroke: colours.line,
    "stroke-width": Math.min(colours.width, 2.4),
  });
}

function lineSwatch(colour, end) {
  const line = { d: "M0 8H14", stroke: colour, "stroke-width": 2.2, fill: "none" };
  const ends = {
    arrow: { d: "M9 4l6 4-6 4Z", fill: colour },
    bar: { d: "M14 3V13", stroke: colour, "stroke-width": 2.6 },
    circle: { d: "M13 5.4a2.6 2.6 0 1 0 0.01 0Z", fill: colour },
  };
  return end ? picture(line, ends[end]) : picture(line);
}
