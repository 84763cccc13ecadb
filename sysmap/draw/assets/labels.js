// Labels: placed by the size of their letters, most linked first, never over one another.

const LEAST_LETTERS = 6; // a name that is cut shorter says nothing
const ALL_TRIED = 200; // nodes up to which every label is tried at every zoom
const CELL = 80; // height of a row of nodes
const FONT = '-apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif';

function wrap(ctx, text, room, most) {
  const lines = [];
  let line = "";
  const fits = (value) => ctx.measureText(value).width <= room;
  for (const word of text.slice(0, 240).split(/[^\S\u00a0]+/u)) {
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
      const own = line.lastIndexOf("-", cut) + 1; // a hyphen of the word itself is the better place
      lines.push(own > 3 ? line.slice(0, own) : line.slice(0, cut) + "-");
      line = line.slice(own > 3 ? own : cut);
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

/** How many letters two texts begin with alike; each letter is looked at once, however long they are. */
function sharedLength(one, other) {
  let n = 0;
  while (n < one.length && one[n] === other[n]) n += 1;
  return n;
}

/** What tells names apart that begin alike: the first word, and the rest from where they differ. */
const apart = new Map();
nodes.map(({ name }) => name).sort().forEach((name, i, all) => {
  const alike = Math.max(sharedLength(name, all[i - 1] || ""), sharedLength(name, all[i + 1] || ""));
  const [first, from] = [name.indexOf(" "), name.lastIndexOf(" ", alike - 1)];
  if (from > first) apart.set(name, [name.slice(0, first), from]);
});

function labelLines(ctx, node, size, room, most) {
  const strong = node.index === state.selected ? "700 " : "";
  const key = strong + node.index + " " + state.place + " " + Math.round(room) + " " + size.toFixed(1) + " " + most;
  let lines = stage.measured.get(key);
  if (!lines) {
    if (stage.measured.size > 6000) stage.measured.clear();
    ctx.font = strong + size + "px " + FONT;
    const bound = (name) => wrap(ctx, labelOf({ ...node, name }).replace("? ", "?\u00a0"), room, most);
    let text = bound(node.name);
    const [head, from] = apart.get(node.name) || [];
    // A label that is cut before it differs from another says nothing that tells them apart.
    if (head && text[text.length - 1].endsWith("…") && text.join(" ").length < from + 6) {
      const start = most > 1 && bound(head + "…")[0].endsWith(head + "…") ? head + "… " : "…";
      text = bound(start + node.name.slice(from + 1));
    }
    lines = { text, width: Math.max(...text.map((line) => ctx.measureText(line).width)) };
    stage.measured.set(key, lines);
  }
  return lines;
}

/** Boxes in screen pixels from the origin of the map; panning changes none of them. */
function placeLabels(ctx, scale, window_) {
  const layout = layoutNow();
  const size = Math.min(15, Math.max(10.5, 12 * scale));
  const tall = size * 1.16;
  const inCells = layout.bands.length > 0;
  const room = inCells ? Math.max(62, 122 * scale) : Math.max(104, 118 * scale);
  const first = layout.bands.length > 1 ? layout.bands[0] : null; // its labels stand above a single row
  const single = first && first[5] - first[3] < 2 * CELL;
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
  // With nothing lit a name may lie beyond what is seen, but the sides of it cut none.
  const cut = (box, at) => box.left < at && box.right > at;
  const inside = (box) => !window_ || (stage.lit ? box.left >= window_.left && box.right <= window_.right
    && box.top >= window_.top && box.bottom <= window_.bottom : !cut(box, window_.left) && !cut(box, window_.right));
  const free = (box, own) => inside(box) && cellsOf(box).every((cell) => (grid.get(cell) || []).every(
    (other) => other.owner === own || other.left >= box.right || other.right <= box.left
      || other.top >= box.bottom || other.bottom <= box.top
  ));
  // In an overview only the labels that the layout found room for are measured at all.
  const most = stage.lit || stage.view.nodes.length <= ALL_TRIED ? Infinity : scale < 0.5 ? 2 : scale < 1 ? 3 : 4;
  const listed = stage.lit ? stage.view.nodes.filter((n) => stage.lit.nodes.has(n.index)) : stage.view.nodes;
  const radius = (node) => node.index === state.selected
    ? 15 * scale + 6 : (SIZES[types[node.type].shape] || 9) * scale + 2;
  for (const node of listed) {
    const [x, y, r] = [layout.x[node.index] * scale, layout.y[node.index] * scale, radius(node)];
    claim({ left: x - r, right: x + r, top: y - r, bottom: y + r, owner: node.index });
  }
  const rank = (node) => (node.index === state.selected ? -1 : layout.tiers[node.index]);
  if (window_ && window_.buttons) claim(window_.buttons);
  stage.titles.filter(({ band }) => band || !stage.lit).forEach(claim);
  const ordered = listed.slice().sort(
    (p, q) => rank(p) - rank(q) || q.edges.length - p.edges.length || p.index - q.index
  );
  const placed = [];
  const taken = stage.titles.slice();
  for (const node of ordered) {
    if (layout.tiers[node.index] > most && node.index !== state.selected) break;
    const [x, y, r] = [layout.x[node.index] * scale, layout.y[node.index] * scale, radius(node)];
    // In a network an outcome that has no room beside it is named further off, at the end of a line.
    for (const lineCount of inCells || layout.tiers[node.index] ? [3, 2, 1] : [3, 2, 1, -2, -1]) {
      const lines = labelLines(ctx, node, size, room, Math.abs(lineCount));
      if (lines.text.join("").length < LEAST_LETTERS && lines.text[0].endsWith("…")) continue;
      const height = lines.text.length * tall;
      const half = lines.width / 2;
      const below = [x, y + r + 1, "center", x - half, y + r];
      const above = [x, y - r - height - 1, "center", x - half, y - r - height - 2];
      const topmost = single && layout.y[node.index] < first[5];
      const far = () => [30, 50, 70, 100, 140, 190, 250].flatMap((away) => [0, 4, 1, 3, -1, -3, 2, -2].map((turn) => {
        const [across, down] = [Math.cos(turn * Math.PI / 4) * away, Math.sin(turn * Math.PI / 4) * away];
        const [aim, top] = [x + across - (across < -1 ? lines.width : across > 1 ? 0 : half), y + down - height / 2];
        const left = window_ ? Math.max(window_.left + 4, Math.min(aim, window_.right - lines.width - 4)) : aim;
        const line = [1, 2, 3, 4, 5, 6, 7].map((k) => ({ x: x + across * k / 7.3, y: y + down * k / 7.3 }));
        return [left, top, "left", left, top, line];
      })).filter(([, , , , top, line]) => (!window_ || (top > window_.top && top + height < window_.bottom))
        && !line.some((at) => taken.some((box) => at.x > box.left && at.x < box.right && at.y > box.top && at.y < box.bottom)));
      const spots = lineCount < 0 ? far() : inCells && !stage.lit ? [topmost ? above : below] : [
        ...(topmost ? [above] : []),
        below, above,
        [x + r + 3, y - height / 2, "left", x + r + 2, y - height / 2],
        [x - r - 3, y - height / 2, "right", x - r - 2 - lines.width, y - height / 2],
      ];
      const spot = spots.find(([, , , left, top]) =>
        free({ left: left - 3, right: left + lines.width + 3, top, bottom: top + height }, node.index)
      );
      if (!spot) continue;
      const [tx, ty, align, left, top, line] = spot;
      const boxes = [{ left, right: left + lines.width, top, bottom: top + height, owner: node.index }];
      for (const at of line || []) boxes.push({ left: at.x - 2, right: at.x + 2, top: at.y - 2, bottom: at.y + 2, owner: node.index });
      boxes.forEach(claim);
      taken.push(...boxes);
      placed.push({ lines: lines.text, x: tx, y: ty, align, line, strong: node.index === state.selected });
      break;
    }
  }
  return { scale, size, tall, placed };
}

/** The stage in the pixels of the map. */
function seenWindow(scale) {
  const holder = byId("stage");
  const corner = stage.network.DOMtoCanvas({ x: 0, y: 0 });
  const [left, top] = [corner.x * scale, corner.y * scale];
  const right = left + holder.clientWidth - 2;
  const zoom = byId("zoom");
  const buttons = { left: left + zoom.offsetLeft - 2, right, top, bottom: top + zoom.offsetTop + zoom.offsetHeight, owner: -1 };
  return { left: left + 2, top: top + 2, right, bottom: top + holder.clientHeight - 2, buttons };
}

function drawLabels(ctx, window_ = null) {
  if (!stage.view) return;
  const scale = stage.network.getScale();
  const fitted = stage.fitted && stage.fitted.scale === scale ? stage.fitted.seen : null;
  const seen = window_ || (stage.lit ? seenWindow(scale) : fitted);
  const key = scale + (seen ? " " + Math.round(seen.left) + " " + Math.round(seen.top) : "");
  if (!stage.placed || stage.placed.key !== key) stage.placed = Object.assign(placeLabels(ctx, scale, seen), { key });
  const { size, tall, placed } = stage.placed;
  ctx.textBaseline = "top";
  ctx.lineJoin = "round";
  for (const { line } of placed) {
    if (!line) continue;
    ctx.lineWidth = 1 / scale;
    ctx.strokeStyle = look.area;
    ctx.beginPath();
    ctx.moveTo(line[0].x / scale, line[0].y / scale);
    ctx.lineTo(line[6].x / scale, line[6].y / scale);
    ctx.stroke();
  }
  ctx.lineWidth = 3.2 / scale;
  ctx.strokeStyle = look.halo;
  for (const { lines, x, y, align, strong } of placed) {
    ctx.font = (strong ? "700 " : "") + size / scale + "px " + FONT;
    ctx.textAlign = align;
    lines.forEach((line, i) => {
      const at = (y + i * tall) / scale;
      ctx.strokeText(line, x / scale, at);
      ctx.fillStyle = look.ink;
      ctx.fillText(line, x / scale, at);
    });
  }
}
