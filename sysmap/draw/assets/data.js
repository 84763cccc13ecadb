// The data of the page, and the few helpers that put text on it. Text goes in as textContent only.

const data = JSON.parse(document.getElementById("map-data").textContent);
const words = new Map(Object.entries(data.words));
const collator = new Intl.Collator(document.documentElement.lang || "en", { numeric: true });

/** Letters from their short form, in which a run is one letter and its number in braces. */
function unfolded(text) {
  return text.replace(/(.)\{(\d+)\}/gu, (_, letter, count) => letter.repeat(Number(count)));
}

/** Values from runs: each with how often it stands in a row. */
function stretched(runs) {
  return runs.flatMap(([value, count]) => new Array(count).fill(value));
}

/** Positions from pairs: the first, and how many follow one another. */
function inRows(pairs_) {
  return pairs_.flatMap(([from, count]) => Array.from({ length: count }, (_, i) => from + i));
}

function unpackedNodes({ types: runs, ids, names, areas, verdicts, rest, facts }) {
  const kinds = stretched(runs);
  const judged_ = unfolded(verdicts);
  const at = inRows(facts.at);
  const told = new Map(at.map((index) => [index, Object.create(null)]));
  for (const [key, values] of facts.columns) {
    values.forEach((value, i) => value !== null && (told.get(at[i])[key] = value));
  }
  return ids.map((id, index) => {
    const node = { index, id, name: names[index], type: kinds[index], edges: [], ...rest[index] };
    if (told.has(index)) node.facts = told.get(index);
    if (areas[index] >= 0) node.area = areas[index];
    if (judged_[index] !== "9") node.verdict = Number(judged_[index]);
    return node;
  });
}

function unpackedClaim(claim) {
  const [said = null, date = null, place = null, note = null, more = []] = Array.isArray(claim) ? claim : [claim];
  return { said, source: said === null ? null : data.sources[said], date, place, note, more };
}

function unpackedEdges({ relations: runs, words: told, first, second, answers, claims: packed }) {
  const kinds = stretched(runs);
  const firsts = stretched(first);
  const said = unfolded(answers);
  return kinds.map((relation, index) => {
    const claims = Array.isArray(packed[index]) ? packed[index].map(unpackedClaim) : [unpackedClaim(packed[index])];
    return {
      index, relation, a: firsts[index], b: second[index], claims,
      answer: told[said.charCodeAt(index) - 48], sources: new Set(claims.map((claim) => claim.said)).size,
    };
  });
}

for (const layout of Object.values(data.layouts)) {
  layout.x = layout.x.map((x) => x * layout.step);
  layout.tiers = [...layout.tiers].map(Number);
}
const answeredAt = inRows(data.answers.at);
data.answers.of = new Map(data.answers.of.map((row, i) => [answeredAt[i], unfolded(row)]));

const nodes = unpackedNodes(data.nodes);
const sources = data.sources;
const types = data.types;
const relations = data.relations;
const edges = unpackedEdges(data.edges);
for (const edge of edges) {
  nodes[edge.a].edges.push(edge);
  if (edge.b !== edge.a) nodes[edge.b].edges.push(edge);
}

/** An interface text with its parts filled in. */
function say(key, parts = {}) {
  let text = words.get(key);
  if (text === undefined) throw new Error("no words for " + key);
  for (const [name, value] of Object.entries(parts)) {
    text = text.split("{" + name + "}").join(String(value));
  }
  return text;
}

/** Sentences and heads that are computed from the data stay English; a page in another language says so. */
const ENGLISH = /^en\b/i.test(document.documentElement.lang) ? {} : { lang: "en", dir: "ltr" };

function number(value) {
  return value.toLocaleString(document.documentElement.lang || "en");
}

function byId(id) {
  return document.getElementById(id);
}

/** An element with attributes and children; a child that is text stays text. */
function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    made.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== null && child !== undefined) made.append(child);
  return made;
}

function button(text, action, attributes = {}) {
  const made = el("button", Object.assign({ type: "button" }, attributes), text);
  made.addEventListener("click", action);
  return made;
}

/** A link where the address is plainly of the web, else the text alone. */
function link(address, text) {
  let url = null;
  try {
    url = new URL(address);
  } catch {
    url = null;
  }
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) return el("span", {}, text);
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, text);
}

function capital(text) {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

function otherEnd(edge, index) {
  return edge.a === index ? edge.b : edge.a;
}

function neighboursOf(index) {
  return new Set(nodes[index].edges.map((edge) => otherEnd(edge, index)));
}

function areaOf(node) {
  if (!splitByArea.has(node.type)) return null;
  return node.area === undefined ? -1 : node.area;
}

function verdictOf(node) {
  if (!judged.has(node.type)) return null;
  return node.verdict === undefined ? -1 : node.verdict;
}

function areaName(area) {
  return area === -1 ? say("unassigned") : data.areas[area];
}

function verdictName(verdict) {
  return verdict === -1 ? say("no_verdict") : say(data.verdicts[verdict]);
}

/** The name as a picture shows it: an undetermined element begins with a question mark. */
function labelOf(node) {
  const name = node.verdict === UNDETERMINED ? "? " + node.name : node.name;
  const aside = asideOf(node);
  return aside ? name + " (" + aside + ")" : name;
}

function answerName(relation, answer) {
  if (relation.signed) return say(answer === "+" ? "plus" : answer === "-" ? "minus" : "unknown_sign");
  if (answer === "present" || answer === "absent") return say(answer);
  return answer;
}

const splitByArea = new Set(nodes.filter((n) => n.area !== undefined).map((n) => n.type));
const judged = new Set(nodes.filter((n) => n.verdict !== undefined).map((n) => n.type));
const UNIVERSAL = data.verdicts.indexOf("universal");
const INTERMEDIATE = data.verdicts.indexOf("intermediate");
const UNDETERMINED = data.verdicts.indexOf("undetermined");
