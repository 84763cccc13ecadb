// A canvas context that writes SVG: whatever draws on the stage draws here too, so the file shows
// the lines, ends, signs, bands and labels of the stage and nothing is drawn twice in two ways.

const PLAIN = {
  fillStyle: "#000000", strokeStyle: "#000000", lineWidth: 1, lineJoin: "miter", globalAlpha: 1,
  font: "10px sans-serif", textAlign: "start", textBaseline: "alphabetic", k: 1, dx: 0, dy: 0,
};
const ANCHORS = { center: "middle", right: "end", end: "end", left: "start", start: "start" };

class SvgContext {
  constructor() {
    Object.assign(this, PLAIN);
    this.kept = [];
    this.path = "";
    this.parts = [];
    this.ruler = document.createElement("canvas").getContext("2d");
  }

  save() {
    const now = {};
    for (const name of Object.keys(PLAIN)) now[name] = this[name];
    this.kept.push(now);
  }

  restore() {
    Object.assign(this, this.kept.pop());
  }

  translate(x, y) {
    this.dx += x * this.k;
    this.dy += y * this.k;
  }

  /** Both ways alike; nothing on the stage is turned or skewed. */
  scale(k) {
    this.k *= k;
  }

  setLineDash() {}

  x(value) {
    return short(this.dx + value * this.k);
  }

  y(value) {
    return short(this.dy + value * this.k);
  }

  beginPath() {
    this.path = "";
  }

  closePath() {
    if (this.path) this.path += "Z";
  }

  moveTo(x, y) {
    this.path += "M" + this.x(x) + " " + this.y(y);
  }

  lineTo(x, y) {
    this.path += (this.path ? "L" : "M") + this.x(x) + " " + this.y(y);
  }

  quadraticCurveTo(cx, cy, x, y) {
    this.path += "Q" + this.x(cx) + " " + this.y(cy) + " " + this.x(x) + " " + this.y(y);
  }

  bezierCurveTo(ax, ay, bx, by, x, y) {
    const ends = [[ax, ay], [bx, by], [x, y]].map(([p, q]) => this.x(p) + " " + this.y(q));
    this.path += "C" + ends.join(" ");
  }

  rect(x, y, width, height) {
    this.moveTo(x, y);
    this.lineTo(x + width, y);
    this.lineTo(x + width, y + height);
    this.lineTo(x, y + height);
    this.closePath();
  }

  /** Two arcs at most: one arc of SVG cannot end where it began. */
  arc(x, y, r, from, to, back = false) {
    const sweep = back ? 0 : 1;
    const whole = Math.abs(to - from) >= 2 * Math.PI - 1e-6;
    const end = whole ? from + (back ? -1 : 1) * 2 * Math.PI : to;
    const at = (angle) => [x + r * Math.cos(angle), y + r * Math.sin(angle)];
    this.lineTo(...at(from));
    let span = end - from;
    if (!back && span < 0) span += 2 * Math.PI;
    if (back && span > 0) span -= 2 * Math.PI;
    for (const angle of [from + span / 2, from + span]) {
      const [px, py] = at(angle);
      const size = short(r * this.k);
      this.path += "A" + size + " " + size + " 0 0 " + sweep + " " + this.x(px) + " " + this.y(py);
    }
  }

  fill() {
    this.add("path", Object.assign({ d: this.path }, coloured("fill", this.fillStyle, this.globalAlpha)));
  }

  stroke() {
    this.add("path", Object.assign({ d: this.path, fill: "none" }, this.pen()));
  }

  fillRect(x, y, width, height) {
    const box = { x: this.x(x), y: this.y(y), width: short(width * this.k), height: short(height * this.k) };
    this.add("rect", Object.assign(box, coloured("fill", this.fillStyle, this.globalAlpha)));
  }

  fillText(text, x, y) {
    this.write(text, x, y, coloured("fill", this.fillStyle, this.globalAlpha));
  }

  strokeText(text, x, y) {
    this.write(text, x, y, Object.assign({ fill: "none", "aria-hidden": "true" }, this.pen()));
  }

  measureText(text) {
    this.ruler.font = this.font;
    return this.ruler.measureText(text);
  }

  pen() {
    const line = { "stroke-width": short(this.lineWidth * this.k) };
    if (this.lineJoin !== "miter") line["stroke-linejoin"] = this.lineJoin;
    return Object.assign(line, coloured("stroke", this.strokeStyle, this.globalAlpha));
  }

  write(text, x, y, look) {
    const size = parseFloat(/([\d.]+)px/.exec(this.font)[1]) * this.k;
    const weight = /^(\d{3}|bold)\b/.exec(this.font);
    const down = this.textBaseline === "top" ? 0.82 : this.textBaseline === "middle" ? 0.34 : 0;
    const place = { x: this.x(x), y: short(this.dy + y * this.k + down * size), "font-size": short(size) };
    if (weight) place["font-weight"] = weight[1];
    if (ANCHORS[this.textAlign] !== "start") place["text-anchor"] = ANCHORS[this.textAlign];
    this.add("text", Object.assign(place, look), text);
  }

  add(tag, attributes, text = null) {
    if (tag !== "path" || attributes.d) this.parts.push([tag, attributes, text]);
  }

  /** The picture as an element; it names and describes itself. */
  element(width, height, title, description) {
    const root = svgElement("svg", {
      viewBox: "0 0 " + short(width) + " " + short(height), width: short(width), height: short(height),
      role: "img", "font-family": FONT.replaceAll('"', "'"),
    });
    root.append(svgElement("title", {}, title), svgElement("desc", {}, description));
    for (const [tag, attributes, text] of this.parts) root.append(svgElement(tag, attributes, text));
    return root;
  }
}

function short(value) {
  return Math.round(value * 100) / 100;
}

/** A colour as programs without CSS read it: the opacity stands by itself. */
function coloured(name, value, alpha) {
  const found = /^rgba\((.*),\s*([\d.]+)\)$/.exec(value);
  const opacity = short((found ? Number(found[2]) : 1) * alpha);
  const look = { [name]: found ? "rgb(" + found[1] + ")" : value };
  if (opacity < 1) look[name + "-opacity"] = opacity;
  return look;
}

function svgElement(tag, attributes, text = null) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  // XML has no place for these two, and one of them would spoil the whole file.
  if (text !== null) made.textContent = String(text).replace(/[\uFFFE\uFFFF]/gu, "");
  return made;
}
