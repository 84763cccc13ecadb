// How things look: shape and hue by type, fill by verdict, ends of lines by sign.

const INK = "#1d1d1b";
const HALO = "rgba(255,255,255,0.94)";
const VEIL = "rgba(255,255,255,0.86)";
const SIZES = { star: 13, dot: 9, square: 8.5, triangle: 9.5, triangleDown: 9.5, diamond: 10.5, hexagon: 9.5, group: 9 };
const SIGNS = { "+": "#0072B2", "-": "#C0392B" };
const UNKNOWN_SIGN = "#6B6B6B";
const SVG = "http://www.w3.org/2000/svg";

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

function relationSwatch(key) {
  const relation = relations[key];
  return lineSwatch(relation.signed ? SIGNS["+"] : relation.colour, relation.directed ? "arrow" : null);
}
