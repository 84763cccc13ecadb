// Titles of bands and areas.

const ASIDE_BELOW = 0.5; // zoom below which titles of bands stand left of them

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
