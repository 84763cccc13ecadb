// The answer of a Result page: its view, its columns in the table twin, its rows in the details.

const FIRST_ANSWERS = 12;
const answerRows = data.answer
  ? data.answer.rows.map(([subjects, cells], index) => ({ index, subjects, cells }))
  : [];
const rowsOfNode = new Map();
for (const row of answerRows) {
  for (const index of row.subjects) {
    if (!rowsOfNode.has(index)) rowsOfNode.set(index, []);
    rowsOfNode.get(index).push(row);
  }
}
const oneNodeARow = answerRows.length > 0 && answerRows.every((row) => row.subjects.length === 1)
  && [...rowsOfNode.values()].every((rows) => rows.length === 1);

/** Verdicts on elements stand on the page already; verdicts on other things are the answer's own. */
const toldElsewhere = new Set(["name", "area"]);
if (answerRows.some((row) => row.subjects.some((index) => nodes[index].verdict !== undefined))) {
  for (const key of ["verdict", "leaning"]) toldElsewhere.add(key);
}

/** A cell is text, or a number with the text that shows it. */
function cellText(cell) {
  return Array.isArray(cell) ? cell[1] : cell || "";
}

function cellValue(cell) {
  return Array.isArray(cell) ? cell[0] : cell || "";
}

function sortValue(cell, numeric) {
  return numeric && !Array.isArray(cell) ? -Infinity : cellValue(cell);
}

/** Columns of the answer for the table of nodes; none where a row is about several nodes. */
function answerColumns() {
  if (!data.answer || !oneNodeARow) return [];
  const cell = (node, i) => (rowsOfNode.has(node.index) ? rowsOfNode.get(node.index)[0].cells[i] : "");
  return data.answer.columns.map(({ key, title, numeric, subject }, i) => ({
    key: "answer-" + i, name: key, title, number: numeric, folds: true, label: true, subject,
    text: (node) => cellText(cell(node, i)),
    raw: (node) => cellValue(cell(node, i)),
    sort: (node) => sortValue(cell(node, i), numeric),
  })).filter(({ name, subject }) => subject === null && !toldElsewhere.has(name));
}

/** Columns of the table that lists the answer itself, row by row; where none names a node the first heads the row. */
function answerTable() {
  const named = data.answer.columns.some(({ subject }) => subject !== null);
  return data.answer.columns.map(({ title, numeric, subject }, i) => ({
    key: "answer-" + i, title, number: numeric, folds: i > 2, label: true,
    main: named ? subject !== null : i === 0, node: (row) => (subject === null ? null : nodes[row.subjects[subject]]),
    text: (row) => cellText(row.cells[i]),
    sort: (row) => sortValue(row.cells[i], numeric),
  }));
}

/** Rows whose nodes pass the filters; an answer is listed whether or not its nodes are drawn. */
function answerListed() {
  return answerRows.filter((row) => row.subjects.every((index) => hiddenBy(nodes[index]).length === 0));
}

function answerCsv() {
  return csvOf(data.answer.columns.map((column) => column.key), answerListed().map((row) => row.cells.map(cellValue)));
}

/** What the answer says of a node, for its details. */
function answerParts(node) {
  const rows = rowsOfNode.get(node.index) || [];
  if (!rows.length) return [];
  const { columns } = data.answer;
  const pairsIn = (row) => columns.map(({ title }, i) => [title, cellText(row.cells[i])]);
  const parts = [el("h3", ENGLISH, data.answer.question)];
  if (oneNodeARow) {
    const shown = pairsIn(rows[0]).filter(([, text], i) => text && columns[i].subject === null && !toldElsewhere.has(columns[i].key));
    return [...parts, pairs(shown, ENGLISH)];
  }
  // No rank without its interval; where there is none the first columns say most.
  const most = ["kind", "standing", "state", "need", "score", "rank", "rank_low", "rank_high"];
  const own = columns.filter((column) => column.subject === null).map((column) => column.key);
  const brief = own.some((key) => most.includes(key)) ? most : own.slice(0, 5);
  const listed = el("ul", { class: "claims answer-rows" });
  for (const row of rows.slice(0, FIRST_ANSWERS)) {
    const others = columns.map(({ subject }, i) => (subject !== null && row.subjects[subject] !== node.index ? cellText(row.cells[i]) : ""));
    const rest = pairsIn(row).filter(([, text], i) => text && brief.includes(columns[i].key));
    listed.append(el("li", {}, el("strong", {}, others.filter(Boolean).join(", ")), " ",
      rest.map(([title, text]) => title + " " + text).join(", ")));
  }
  parts.push(listed);
  if (rows.length > FIRST_ANSWERS) parts.push(el("p", { class: "small" }, say("answer_more", { n: number(rows.length - FIRST_ANSWERS) })));
  return parts;
}

function setUpAnswer() {
  const section = byId("answer-view");
  byId("main").append(section);
  section.tabIndex = -1;
  section.hidden = true;
  for (const cell of section.querySelectorAll("[data-node]")) {
    const node = nodes[Number(cell.dataset.node)];
    const go = button("", () => actions.visit(node), { class: "node" });
    go.append(swatch(node.type, node.verdict), el("span", { class: "long" }, cell.textContent));
    cell.replaceChildren(go);
  }
  on("changed", () => {
    const here = state.view === "answer";
    section.hidden = !here;
    if (here) byId("table-view").hidden = true;
  });
}

if (data.answer) setUpAnswer();
