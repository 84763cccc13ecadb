// Titles of bands and areas.

const HEAD = 110; // room above the columns of areas, for their titles
const ASIDE_BELOW = 0.5; // zoom below which titles of bands stand left of them

function shownBands() {
  const { x, y, bands } = layoutNow();
  return bands.filter(([, , left, top, right, bottom]) =>
    stage.view.nodes.some(
      ({ index }) => x[index] > left && x[index] < right && y[index] > top && y[index] < bottom
    )
  );
}

/** The edges of all bands together. */
function outline(shown) {
  return {
    left: Math.min(...shown.map((band) => band[2])), right: Math.max(...shown.map((band) => band[4])),
    top: Math.min(...shown.map((band) => band[3])),
  };
}

/** On a small picture there is no room between the rows, so titles stand beside them. */
function titlesAside(scale) {
  return scale < ASIDE_BELOW && !isUpright();
}

function drawBands(ctx) {
  if (!stage.view) return;
  const scale = stage.network.getScale();
  const px = (value) => value / scale;
  const shown = shownBands();
  const lowest = stage.view.nodes.reduce(
    (low, { index }) => Math.max(low, layoutNow().y[index] + 54), -Infinity
  );
  // A row with few nodes is short; titles and rules of all rows stand in line all the same.
  const outer = outline(shown);
  ctx.textBaseline = "alphabetic";
  const columns = [];
  for (const [title, level, left, top, right, bottom] of shown) {
    if (level === 1) {
      ctx.fillStyle = look.column;
      ctx.fillRect(left + 3, top + 46, right - left - 6, Math.min(bottom, lowest) - top - 46);
      columns.push({ title, left, right, floor: top + 46 });
    } else {
      ctx.strokeStyle = look.rule;
      ctx.lineWidth = px(1);
      ctx.beginPath();
      ctx.moveTo(outer.left + 3, top + 2);
      ctx.lineTo(outer.right - 3, top + 2);
      ctx.stroke();
      ctx.fillStyle = look.title;
      ctx.font = "700 " + px(13) + "px " + FONT;
      const aside = titlesAside(scale);
      ctx.textAlign = aside ? "right" : "left";
      ctx.fillText(title, aside ? outer.left - px(20) : outer.left + 5, top + px(aside ? 13 : 18));
    }
  }
  for (const floor of new Set(columns.map((column) => column.floor))) {
    drawAreaTitles(ctx, columns.filter((column) => column.floor === floor), scale, outer);
  }
}

/**
 * Titles of areas over their columns; where columns are narrow every second one stands higher.
 * Each has a slot of its own, half way to its neighbours and never beyond the outermost row.
 */
function drawAreaTitles(ctx, columns, scale, outer) {
  const px = (value) => value / scale;
  const middle = ({ left, right }) => (left + right) / 2;
  const slots = (step) => columns.map((column, k) => {
    const [before, after] = [columns[k - step], columns[k + step]];
    return [
      before ? (middle(before) + middle(column)) / 2 : outer.left,
      after ? (middle(column) + middle(after)) / 2 : outer.right,
    ];
  });
  const broadest = (size, title) => {
    ctx.font = "600 " + px(size) + "px " + FONT;
    return Math.max(...title.split(/\s+/u).map((word) => ctx.measureText(word).width));
  };
  const own = columns.map(({ left, right }) => [left, right]);
  const fits = (size, room) => columns.every(({ title }, k) => broadest(size, title) <= room[k][1] - room[k][0]);
  const single = [12, 11, 10].find((size) => fits(size, own));
  const room = single ? own : slots(2);
  // Where even that is too narrow the ends of long words give way, never the titles.
  const size = single || [11, 10, 9].find((small) => fits(small, room)) || 9;
  const most = single ? 3 : HEAD * scale < 3.9 * size ? 1 : 2;
  ctx.font = "600 " + px(size) + "px " + FONT;
  ctx.fillStyle = look.area;
  ctx.textAlign = "center";
  columns.forEach((column, k) => {
    const [from, to] = room[k];
    const gap = single ? 0 : px(6);
    const raised = !single && k % 2 ? most + 0.1 : 0;
    const lines = wrap(ctx, column.title, to - from - gap, most);
    lines.forEach((line, i) => {
      const up = 5 + size * 1.15 * (lines.length - 1 - i + raised);
      const half = (ctx.measureText(line).width + gap) / 2;
      const x = Math.max(from + half, Math.min(to - half, middle(column)));
      ctx.fillText(line, x, column.floor - px(up));
    });
  });
}
