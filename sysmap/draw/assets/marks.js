// How things look: shape and hue by type, fill by verdict, ends of lines by sign.

const SIZES = { star: 13, dot: 9, square: 8.5, triangle: 9.5, triangleDown: 9.5, diamond: 10.5, hexagon: 9.5, group: 9 };
const SVG = "http://www.w3.org/2000/svg";
const LEAST_CONTRAST = 3; // of an outline or a line against the stage

const LIGHT = {
  paper: "#ffffff", ink: "#1d1d1b", halo: "rgba(255,255,255,0.94)", veil: "rgba(255,255,255,0.86)", title: "#14344f",
  area: "#3c3a36", column: "#f5f3ee", rule: "#d6d2c9", faint: "#767676", absent: "#8c8c8c",
  signs: { "+": "#0072B2", "-": "#C0392B" }, unsigned: "#6B6B6B", share: 0.32,
};
const DARK = {
  paper: "#15191e", ink: "#f0eee9", halo: "rgba(21,25,30,0.94)", veil: "rgba(21,25,30,0.86)", title: "#b9d8f0",
  area: "#d3cfc7", column: "#1c2127", rule: "#3d434b", faint: "#a3a3a3", absent: "#8d8d8d",
  signs: { "+": "#56A8E0", "-": "#F0776A" }, unsigned: "#A6A6A6", share: 0.5,
};
const PREFERS_DARK = window.matchMedia("(prefers-color-scheme: dark)");
let look = PREFERS_DARK.matches ? DARK : LIGHT;

/** Do something in the colours of paper: what is printed or saved is light for every reader. */
function onPaper(action) {
  const before = look;
  look = LIGHT;
  try {
    return action();
  } finally {
    look = before;
  }
}

function channels(hex) {
  return [1, 3, 5].map((from) => parseInt(hex.slice(from, from + 2), 16));
}

/** Two colours mixed; `share` is that of the first. */
function mixed(hex, other, share) {
  const [to, parts] = [channels(other), channels(hex)];
  return "#" + parts.map((v, i) => Math.round(v * share + to[i] * (1 - share)).toString(16).padStart(2, "0")).join("");
}

function luminance(hex) {
  const [r, g, b] = channels(hex).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((p, q) => p - q);
  return (high + 0.05) / (low + 0.05);
}

/** The hue, moved towards the ink until it stands out from the stage. */
function legible(hex) {
  for (const share of [1, 0.85, 0.7, 0.55, 0.4]) {
    const tried = mixed(hex, look.ink, share);
    if (contrast(tried, look.paper) >= LEAST_CONTRAST) return tried;
  }
  return look.ink;
}

/** Colours of a node: the verdict is its fill, its type is the hue. */
function paint(node) {
  const hue = types[node.type].colour;
  const verdict = node.verdict === undefined ? null : data.verdicts[node.verdict];
  if (verdict === "intermediate") return { fill: mixed(hue, look.paper, look.share), line: legible(hue), width: 2 };
  if (verdict === "context-specific") return { fill: look.paper, line: legible(hue), width: 3.5 };
  if (verdict === "undetermined") return { fill: look.paper, line: look.faint, width: 1.2 };
  return { fill: hue, line: look.ink, width: 1 };
}

function lineColour(edge) {
  const relation = relations[edge.relation];
  if (relation.signed) return look.signs[edge.answer] || look.unsigned;
  return edge.answer === "absent" ? look.absent : legible(relation.colour);
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
  return lineSwatch(relation.signed ? look.signs["+"] : legible(relation.colour), relation.directed ? "arrow" : null);
}
