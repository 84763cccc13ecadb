// The picture that leaves the page: title, data date, counts, the graph as drawn, a legend.

const MARGIN = 24;
const LEGEND_ROW = 22;

/** What a picture shows: the visible graph whole, or the part of it that the stage shows. */
function frameOf(view, scale) {
  const holder = byId("stage");
  if (scale === null) {
    const corner = stage.network.DOMtoCanvas({ x: 0, y: 0 });
    return { x: corner.x, y: corner.y, width: holder.clientWidth, height: holder.clientHeight, scale: stage.network.getScale() };
  }
  const box = boundsOf(view);
  return { x: box.left, y: box.top, width: (box.right - box.left) * scale, height: (box.bottom - box.top) * scale, scale };
}

function boundsOf(view) {
  const { x, y, bands } = layoutNow();
  const aside = bands.length ? 80 : 150; // without bands a label may stand beside its node
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const { index } of view.nodes) {
    box.left = Math.min(box.left, x[index] - aside);
    box.right = Math.max(box.right, x[index] + aside);
    box.top = Math.min(box.top, y[index] - 56);
    box.bottom = Math.max(box.bottom, y[index] + 64);
  }
  const shown = shownBands();
  if (shown.length) {
    const outer = outline(shown);
    const title = titlesAside(stage.network.getScale()) ? 130 / stage.network.getScale() : 4;
    box.left = Math.min(box.left, outer.left - title);
    box.right = Math.max(box.right, outer.right + 4);
    box.top = Math.min(box.top, outer.top - 4);
  }
  return view.nodes.length ? box : { left: 0, right: 640, top: 0, bottom: 40 };
}

/** Give the stage what is visible now, in the colours of paper and at a scale; then put it back. */
function withStage(scale, work) {
  const view = visible();
  if (!stage.network) setUpStage(view, actions);
  const inDark = look !== LIGHT;
  const at = stage.network.body.view;
  const kept = at.scale;
  try {
    return onPaper(() => {
      if (inDark || stage.view === null || byId("graph-view").hidden) {
        drawView(view);
        relight();
      }
      at.scale = scale === null ? kept : scale;
      stage.placed = null;
      return work(view);
    });
  } finally {
    at.scale = kept;
    stage.placed = null;
    if (inDark) {
      drawView(view);
      relight();
    }
  }
}

/** Draw bands, lines, nodes and labels in the order of the stage. */
function paintGraph(ctx, frame, top, width) {
  const body = stage.network.body;
  ctx.save();
  ctx.translate((width - frame.width) / 2, top);
  if (!(ctx instanceof SvgContext)) {
    ctx.beginPath();
    ctx.rect(0, 0, frame.width, frame.height);
    ctx.clip();
  }
  ctx.scale(frame.scale, frame.scale);
  ctx.translate(-frame.x, -frame.y);
  drawBands(ctx, frame.x);
  for (const { index } of stage.view.edges) drawLine(body.edges[index], ctx);
  for (const { index } of stage.view.nodes) body.nodes[index].draw(ctx);
  if (stage.lit) {
    ctx.fillStyle = look.veil;
    ctx.fillRect(frame.x, frame.y, frame.width / frame.scale, frame.height / frame.scale);
    drawAbove(ctx);
  }
  const [left, above] = [frame.x * frame.scale, frame.y * frame.scale];
  drawLabels(ctx, { left: left + 2, top: above + 2, right: left + frame.width - 2, bottom: above + frame.height - 2 });
  ctx.restore();
}

function drawLine(edge, ctx) {
  edge.draw(ctx);
  edge.drawArrows(ctx);
}

// Words above the picture

function headOf(ctx, view, width, titled) {
  const lines = [];
  let y = titled ? MARGIN : 0;
  const add = (text, size, weight, colour, most) => {
    ctx.font = weight + " " + size + "px " + FONT;
    for (const line of wrap(ctx, text, width - 2 * MARGIN, most)) {
      y += size * 1.3;
      lines.push({ text: line, y, font: ctx.font, colour });
    }
  };
  if (titled) {
    add(data.title || say("graph"), 20, "700", look.title, 3);
    y += 5;
    add(data.date, 13, "400", look.area, 2);
    add([byId("count").textContent, byId("why").textContent].filter(Boolean).join(" "), 13, "400", look.area, 3);
  }
  if (state.selected !== null && stage.lit) add(litWords(), 13, "400", look.area, 2);
  return { lines, height: y + 14 };
}

function litWords() {
  return say("highlighted", { name: nodes[state.selected].name, mode: say(state.mode), n: number(stage.lit.nodes.size) });
}

function paintHead(ctx, head) {
  ctx.textBaseline = "alphabetic";
  ctx.textAlign = "left";
  for (const { text, y, font, colour } of head.lines) {
    ctx.font = font;
    ctx.fillStyle = colour;
    ctx.fillText(text, MARGIN, y);
  }
}

// The legend below it: only what is in the picture

function legendItems(view) {
  const there = (list, of) => [...new Set(list.map(of))].sort((p, q) => p - q);
  // Where every node of a type has a verdict the verdicts show the type as well.
  const plainNodes = view.nodes.filter((n) => n.verdict === undefined);
  const items = there(plainNodes, (n) => n.type).map((type) => [nodeMark({ type }), capital(types[type].many)]);
  const judgedHere = view.nodes.filter((n) => n.verdict !== undefined);
  for (const verdict of there(judgedHere, (n) => n.verdict)) {
    const { type } = judgedHere[0];
    items.push([nodeMark({ type, verdict }), capital(types[type].one) + ": " + verdictName(verdict).toLocaleLowerCase()]);
  }
  if (view.edges.some((e) => relations[e.relation].signed)) {
    const signs = [["sign_plus", look.signs["+"], "arrow"], ["sign_minus", look.signs["-"], "bar"], ["sign_unknown", look.unsigned, "circle"]];
    for (const [key, colour, end] of signs) items.push([lineMark(colour, end), capital(say(key))]);
  }
  for (const key of there(view.edges, (e) => e.relation)) {
    const relation = relations[key];
    if (relation.signed) continue;
    items.push([lineMark(legible(relation.colour), relation.directed ? "arrow" : null), capital(relation.verb)]);
  }
  return items;
}

function nodeMark(node) {
  const colours = paint(node);
  return [{ d: OUTLINES[types[node.type].shape] || OUTLINES.dot, fill: colours.fill, stroke: colours.line, width: Math.min(colours.width, 2.4) }];
}

const ENDS = { arrow: "M9 4L15 8L9 12Z", bar: "M14 3V13", circle: "M13 5.4a2.6 2.6 0 1 0 0.01 0Z" };

function lineMark(colour, end) {
  const line = { d: "M0 8H14", stroke: colour, width: 2.2 };
  if (!end) return [line];
  return [line, end === "bar" ? { d: ENDS.bar, stroke: colour, width: 2.6 } : { d: ENDS[end], fill: colour }];
}

function legendOf(ctx, view, width) {
  const items = legendItems(view);
  ctx.font = "400 13px " + FONT;
  const broadest = Math.max(80, ...items.map(([, text]) => ctx.measureText(text).width));
  const room = width - 2 * MARGIN;
  const column = Math.min(room, broadest + 46);
  const across = Math.max(1, Math.floor(room / column));
  const rows = Math.ceil(items.length / across);
  const notes = wrap(ctx, [say("width"), say("size")].join(" "), room, 3);
  return { items, column, rows, notes, height: 14 + rows * LEGEND_ROW + notes.length * 18 + MARGIN };
}

function paintLegend(ctx, legend, top) {
  ctx.textBaseline = "alphabetic";
  ctx.textAlign = "left";
  legend.items.forEach(([mark, text], i) => {
    const x = MARGIN + Math.floor(i / legend.rows) * legend.column;
    const y = top + 14 + (i % legend.rows) * LEGEND_ROW;
    for (const part of mark) paintMark(ctx, part, x, y);
    ctx.font = "400 13px " + FONT;
    ctx.fillStyle = look.ink;
    ctx.fillText(text, x + 24, y + 13);
  });
  ctx.font = "400 12px " + FONT;
  ctx.fillStyle = look.area;
  legend.notes.forEach((line, i) => {
    ctx.fillText(line, MARGIN, top + 14 + legend.rows * LEGEND_ROW + 14 + i * 18);
  });
}

function paintMark(ctx, { d, fill, stroke, width }, x, y) {
  if (ctx instanceof SvgContext) {
    const look = Object.assign({ d, transform: "translate(" + short(x) + " " + short(y) + ")", fill: fill || "none" });
    if (stroke) Object.assign(look, { stroke, "stroke-width": width });
    ctx.add("path", look);
    return;
  }
  ctx.save();
  ctx.translate(x, y);
  const outline = new Path2D(d);
  if (fill) {
    ctx.fillStyle = fill;
    ctx.fill(outline);
  }
  if (stroke) {
    ctx.strokeStyle = stroke;
    ctx.lineWidth = width;
    ctx.stroke(outline);
  }
  ctx.restore();
}

/** Lay the three parts out and let `begin` give the context that they are drawn on.
 *
 * The scale is that of the whole graph; without one the picture is cut as the stage cuts it.
 */
function compose(scale, begin, titled = true) {
  return withStage(scale, (view) => {
    const ruler = document.createElement("canvas").getContext("2d");
    const frame = frameOf(view, scale);
    const width = Math.max(frame.width, 640);
    const head = headOf(ruler, view, width, titled);
    const legend = legendOf(ruler, view, width);
    const height = head.height + frame.height + legend.height;
    const ctx = begin(width, height);
    ctx.fillStyle = look.paper;
    ctx.fillRect(0, 0, width, height);
    paintGraph(ctx, frame, head.height, width);
    paintHead(ctx, head);
    paintLegend(ctx, legend, head.height + frame.height);
    return ctx;
  });
}

/** The visible graph, whole, as an element of SVG; on paper the page above it gives the title. */
function svgPicture(scale = 1, titled = true) {
  let size = null;
  const ctx = compose(scale, (width, height) => {
    size = [width, height];
    return new SvgContext();
  }, titled);
  return ctx.element(...size, data.title, [data.date, byId("count").textContent].join(" "));
}

/** The legend by itself, for a table on paper. */
function svgLegend(view, width) {
  return onPaper(() => {
    const ctx = new SvgContext();
    const legend = legendOf(ctx, view, width);
    paintLegend(ctx, legend, 0);
    return ctx.element(width, legend.height, say("legend"), data.title);
  });
}

/** The visible stage on a canvas, at twice the size of the screen so that slides stay sharp. */
function canvasPicture() {
  const onStage = !byId("graph-view").hidden && byId("stage").clientWidth > 0;
  const ctx = compose(onStage ? null : 1, (width, height) => {
    const canvas = document.createElement("canvas");
    const most = Math.min(2, 8000 / Math.max(width, height));
    canvas.width = Math.round(width * most);
    canvas.height = Math.round(height * most);
    const made = canvas.getContext("2d");
    made.scale(most, most);
    return made;
  });
  return ctx.canvas;
}
