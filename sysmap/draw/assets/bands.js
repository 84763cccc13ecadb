// Titles of bands and areas.

const ASIDE_BELOW = 0.5; // zoom below which titles of bands stand left of them

function shownBands() {
  const { x, y, bands } = layoutNow();
  return bands.filter(([, , left, top, right, bottom]) =>
    stage.view.nodes.some(
      ({ index }) => x[index] > left && x[index] < right && y[index] > top && y[index] < bottom
    )
  );
}

/** The edges of all bands together, as far as filters left nodes in them. */
function outline(shown) {
  const { x } = layoutNow();
  const across = stage.view.nodes.map(({ index }) => x[index]);
  const edge = (of, at) => of(...shown.map((band) => band[at]));
  const areas = shown.filter((band) => band[1]);
  return {
    left: Math.max(edge(Math.min, 2), Math.min(...across.map((at) => at - 128), ...areas.map((band) => band[2]))),
    right: Math.min(edge(Math.max, 4), Math.max(...across.map((at) => at + 64), ...areas.map((band) => band[4]))),
    top: edge(Math.min, 3),
  };
}

/** On a small picture there is no room between the rows, so titles stand beside them. */
function titlesAside(scale) {
  return scale < ASIDE_BELOW && !isUpright();
}

/** On a small upright picture the title of a band stands above its rule, for below it is no room. */
function isLifted(scale) {
  return scale < ASIDE_BELOW && isUpright();
}

/** The titles of a highlighted set never leave what is seen, which begins at `from`. */
function drawBands(ctx, from = stage.network.DOMtoCanvas({ x: 0, y: 0 }).x) {
  if (!stage.view) return;
  const scale = stage.network.getScale();
  const px = (value) => value / scale;
  const shown = shownBands();
  stage.titles = [];
  const lowest = stage.view.nodes.reduce(
    (low, { index }) => Math.max(low, layoutNow().y[index] + 54), -Infinity
  );
  // A row with few nodes is short; titles and rules of all rows stand in line all the same.
  const outer = outline(shown);
  const aside = titlesAside(scale);
  const lifted = isLifted(scale);
  const edge = from + px(6);
  ctx.textBaseline = "alphabetic";
  const shelves = new Map();
  let above = 0;
  let last = -Infinity;
  let beside = 0; // where the title of the band ends
  for (const [title, level, left, top, right, bottom] of shown) {
    if (level === 1) {
      const floor = top + 46;
      ctx.fillStyle = look.column;
      ctx.fillRect(left + 3, floor, right - left - 6, Math.min(bottom, lowest) - floor);
      if (!shelves.has(floor)) shelves.set(floor, { columns: [], head: shelves.size ? 92 : floor - above, beside });
      shelves.get(floor).columns.push({ title, left, right, floor });
      beside = -Infinity;
    } else {
      ctx.strokeStyle = look.rule;
      ctx.lineWidth = px(1);
      ctx.beginPath();
      ctx.moveTo(outer.left + 3, top + 2);
      ctx.lineTo(outer.right - 3, top + 2);
      // In an overview the names of the first row are taller than the row.
      if (!aside || top > outer.top) ctx.stroke();
      ctx.fillStyle = look.title;
      ctx.font = "700 " + px(13) + "px " + FONT;
      ctx.textAlign = "left";
      const wide = ctx.measureText(title).width;
      const stuck = Math.max(aside ? outer.left - px(20) - wide : outer.left + 5, edge);
      const start = stage.lit ? stuck : aside ? Math.min(outer.left - px(3) - wide, stuck) : outer.left + 5;
      if ((top - last) * scale > 15) {
        const down = aside ? 13 : lifted ? -5 : 18;
        ctx.fillText(title, start, top + px(down));
        const y = top * scale + down;
        stage.titles.push({ left: start * scale, right: (start + wide) * scale + 8, top: y - 18, bottom: y + 6, owner: -1, band: true });
      }
      above = last = top;
      beside = aside || lifted ? -Infinity : start + wide;
    }
  }
  for (const shelf of shelves.values()) drawAreaTitles(ctx, shelf, scale, outer);
}

/**
 * Titles of areas over their columns; where columns are narrow every second one stands higher.
 * Each has a slot of its own, half way to its neighbours and never beyond the outermost row.
 */
function drawAreaTitles(ctx, shelf, scale, outer) {
  const key = [scale, outer.left, shelf.beside, ...shelf.columns.map(({ title, left, floor }) => [title, left, floor])].join();
  const { size, lines, raised } = (shelfTitles.get(key) || rememberTitles(key, titleLines(ctx, shelf, scale, outer)));
  const tall = 5 + size * (1 + 1.15 * raised);
  // In an overview they may reach over the rule, as far as the row above leaves room.
  if (tall > (shelf.head + (titlesAside(scale) ? 54 : 0)) * scale) return;
  const px = (value) => value / scale;
  ctx.font = "600 " + px(size) + "px " + FONT;
  ctx.fillStyle = look.area;
  ctx.textAlign = "center";
  lines.forEach(({ text, from, to, floor, middle }, k) => {
    if (text[0].endsWith("…") && text[0].length < LEAST_LETTERS) return;
    text.forEach((line, i) => {
      const up = 5 + size * 1.15 * (text.length - 1 - i + (k % 2 ? raised : 0));
      const half = ctx.measureText(line).width / 2;
      const at = Math.max(from + half, Math.min(to - half, middle));
      ctx.lineWidth = px(3);
      ctx.strokeStyle = look.halo;
      ctx.strokeText(line, at, floor - px(up));
      ctx.fillText(line, at, floor - px(up));
      const bottom = floor * scale - up + 3;
      stage.titles.push({ left: (at - half) * scale, right: (at + half) * scale, top: bottom - size, bottom, owner: -1 });
    });
  });
}

const shelfTitles = new Map(); // titles are measured once for each zoom

function rememberTitles(key, titles) {
  if (shelfTitles.size > 60) shelfTitles.clear();
  shelfTitles.set(key, titles);
  return titles;
}

/** The largest letters in which no title is cut; where there are none the smallest. */
function titleLines(ctx, { columns, head, beside }, scale, outer) {
  const middles = columns.map(({ left, right }) => (left + right) / 2);
  const tried = (size, step) => {
    ctx.font = "600 " + size / scale + "px " + FONT;
    const gap = step > 1 ? 3 / scale : 0;
    const rows = Math.max(1, Math.min(3, Math.floor((head * scale - 5) / size / 1.15 / step)));
    const lines = columns.map(({ title, left, right, floor }, k) => {
      const [before, after] = [middles[k - step], middles[k + step]];
      let from = (step === 1 ? left : before === undefined ? outer.left : (before + middles[k]) / 2) + gap;
      const to = (step === 1 ? right : after === undefined ? outer.right : (middles[k] + after) / 2) - gap;
      // A title that stands high begins beside the title of the band, or leaves it its line.
      const high = k % 2 && step > 1;
      if (high && (to - beside) * scale > 70) from = Math.max(from, beside + 6 / scale);
      const most = from > beside ? rows
        : Math.max(1, Math.min(rows, Math.floor((head * scale - 28) / size / 1.15) - (high ? rows : 0)));
      return { text: wrap(ctx, title, to - from, most), from, to, floor, middle: middles[k], title };
    });
    const raised = step > 1 ? Math.max(0, ...lines.map(({ text }, k) => (k % 2 ? 0 : text.length))) + 0.1 : 0;
    const whole = lines.every(({ text, title }) => text.join(" ") === title.trim().split(/\s+/u).join(" "));
    return { size, lines, raised, whole };
  };
  let titles = null;
  for (const [size, step] of [[12, 1], [11, 1], [10, 1], [11, 2], [10, 2], [9, 2]]) {
    titles = tried(size, step);
    if (titles.whole) break;
  }
  return titles;
}
