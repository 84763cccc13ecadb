// The table twin: it lists what is visible, obeys the same filters and states the same counts.

const PAGE_ROWS = 200;
const PAGED_ABOVE = 1000;
const sheet = { tab: "nodes", by: null, down: false, from: 0 };

function TABS() {
  return data.answer ? ["nodes", "relations", "answer"] : ["nodes", "relations"];
}

function nodeColumns() {
  const columns = [
    { key: "name", text: (n) => labelOf(n), sort: (n) => n.name, main: true, node: (n) => n },
    { key: "type", text: (n) => types[n.type].one, folds: true, brief: true },
    { key: "area", text: (n) => (areaOf(n) === null ? "" : areaName(areaOf(n))), folds: true },
  ];
  if (judged.size) {
    columns.push({ key: "verdict", text: (n) => (n.verdict === undefined ? "" : verdictName(n.verdict)), brief: true });
  }
  if (nodes.some((n) => n.facts && n.facts.assessed !== undefined)) {
    columns.push({
      key: "k_of_n",
      text: ({ facts }) => (!facts || facts.assessed === undefined ? ""
        : say(facts.assessed ? "k_of_n_value" : "k_of_n_none", { k: shownValue(facts.present), n: shownValue(facts.assessed) })),
      sort: ({ facts }) => (facts && facts.assessed ? facts.present / facts.assessed : -1),
      brief: true,
    });
  }
  columns.push(...answerColumns());
  columns.push({ key: "links", text: (n) => number(n.edges.length), sort: (n) => n.edges.length, number: true, folds: true, label: true });
  return columns;
}

function edgeColumns() {
  const phrase = (e) => {
    const relation = relations[e.relation];
    return relation.verb + (e.answer || relation.signed ? ", " + answerName(relation, e.answer) : "");
  };
  return [
    { key: "from", text: (e) => nodes[e.a].name, node: (e) => nodes[e.a], main: true },
    { key: "relation", text: phrase },
    { key: "to", text: (e) => nodes[e.b].name, node: (e) => nodes[e.b], main: true },
    { key: "source_count", text: (e) => number(e.sources), sort: (e) => e.sources, number: true, folds: true, label: true },
    {
      key: "who", folds: true, text: (e) => e.claims.map(spokenClaim).join("; "),
      parts: (e) => [disagreement(e) && el("p", { class: "small against" }, disagreement(e)), claimList(e)],
    },
  ];
}

function columnsOf(tab) {
  return tab === "nodes" ? nodeColumns() : tab === "relations" ? edgeColumns() : answerTable();
}

function rowsOf(tab, view) {
  return tab === "nodes" ? view.nodes : tab === "relations" ? view.edges : answerListed();
}

function drawTable(view, actions) {
  const holder = byId("table-view");
  const columns = columnsOf(sheet.tab);
  const rows = sorted(rowsOf(sheet.tab, view), columns);
  const paged = rows.length > PAGED_ABOVE;
  if (sheet.from >= rows.length) sheet.from = 0;
  const listed = paged ? rows.slice(sheet.from, sheet.from + PAGE_ROWS) : rows;
  const again = (change, focus = null) => () => {
    change();
    drawTable(view, actions);
    emit("changed", view);
    const goal = focus && byId(focus);
    if (goal) goal.focus();
  };
  const caption = el("caption", {}, captionOf(sheet.tab, rows.length, listed.length));
  const head = el("thead", {}, headRow(columns, again));
  const body = el("tbody", {}, ...listed.map((row) => tableRow(row, columns, actions)));
  const parts = [tabButtons(view, again)];
  if (sheet.tab === "answer" && data.answer.total > answerRows.length) {
    parts.push(el("p", { class: "small" }, say("answer_cut", { n: number(answerRows.length), N: number(data.answer.total) })));
  }
  if (rows.length) parts.push(el("table", { class: "twin " + sheet.tab }, caption, head, body));
  else parts.push(el("p", {}, captionOf(sheet.tab, 0, 0))); // why it is empty stands over the stage
  if (paged) parts.push(pager(rows.length, again));
  holder.replaceChildren(...parts);
}

function captionOf(tab, all, listed) {
  const parts = [say(tab + "_tab")];
  const from = number(sheet.from + 1);
  if (listed < all) parts.push(say("page", { a: from, b: number(sheet.from + listed), n: number(all) }));
  else parts.push(say(all === 1 ? "one_row" : "rows", { n: number(all) }));
  const column = columnsOf(tab).find((c) => c.key === sheet.by);
  if (column) parts.push(say(sheet.down ? "sorted_down" : "sorted_up", { column: headOfColumn(column) }));
  return parts.join(", ");
}

function headOfColumn(column) {
  return column.title === undefined ? say(column.key) : capital(column.title);
}

function tabButtons(view, again) {
  const tabs = el("div", { class: "tabs", role: "group", "aria-label": say("table") });
  for (const tab of TABS()) {
    tabs.append(button(say(tab + "_tab") + " (" + number(rowsOf(tab, view).length) + ")", again(() => {
      Object.assign(sheet, { tab, by: null, down: false, from: 0 });
    }, "tab-" + tab), { "aria-pressed": String(sheet.tab === tab), id: "tab-" + tab }));
  }
  return tabs;
}

function headRow(columns, again) {
  const row = el("tr", {});
  for (const column of columns) {
    const marked = column.title === undefined ? {} : ENGLISH;
    const order = sheet.by === column.key ? (sheet.down ? "descending" : "ascending") : "none";
    const sort = button(headOfColumn(column), again(() => {
      Object.assign(sheet, { down: sheet.by === column.key && !sheet.down, by: column.key, from: 0 });
    }, "sort-" + column.key), { class: "sort", id: "sort-" + column.key, ...marked });
    // A browser repeats text at the head of each sheet of paper, and no buttons.
    const printed = el("span", { class: "on-paper", "aria-hidden": "true", ...marked }, headOfColumn(column));
    row.append(el("th", { scope: "col", "aria-sort": order, class: cellClass(column) }, sort, printed));
  }
  return row;
}

function sorted(rows, columns) {
  const column = columns.find((c) => c.key === sheet.by);
  if (!column) return rows;
  const value = column.sort || column.text;
  const sign = sheet.down ? -1 : 1;
  return rows.slice().sort((p, q) => {
    const [a, b] = [value(p), value(q)];
    const order = typeof a === "number" && typeof b === "number" ? (a > b) - (a < b) : collator.compare(String(a), String(b));
    return sign * order || p.index - q.index;
  });
}

function cellClass(column) {
  return [column.folds ? "folds" : "", column.number ? "number" : "", column.brief ? "brief" : ""].join(" ").trim() || null;
}

function tableRow(row, columns, actions) {
  const bare = columns.every((c) => c.main || c.folds || !c.text(row)); // a phone shows its name alone
  const made = el("tr", { class: bare ? "bare" : null });
  for (const column of columns) {
    const cell = el(column.main ? "th" : "td", { class: cellClass(column), scope: column.main ? "row" : null });
    const node = column.node ? column.node(row) : null;
    const text = column.text(row);
    if (node) {
      const go = button("", () => (sheet.tab === "answer" ? actions.visit(node) : actions.select(node.index)), { class: "node" });
      go.append(swatch(node.type, node.verdict), el("span", { class: "long" }, text));
      cell.append(go);
    } else if (column.parts) {
      cell.append(...column.parts(row).filter(Boolean));
    } else {
      cell.append(el("span", { class: "long" }, text));
    }
    made.append(cell);
  }
  const folding = columns.filter((c) => c.folds && c.text(row))
    .map((c) => (c.label ? headOfColumn(c) + ": " : "") + c.text(row)).join(" · ");
  if (folding) [...made.querySelectorAll("th")].at(-1).append(el("span", { class: "folded long" }, folding));
  return made;
}

function pager(total, again) {
  const to = Math.min(total, sheet.from + PAGE_ROWS);
  const earlier = button(say("earlier"), again(() => (sheet.from = Math.max(0, sheet.from - PAGE_ROWS)), "earlier"), { id: "earlier" });
  const later = button(say("later"), again(() => (sheet.from += PAGE_ROWS), "later"), { id: "later" });
  earlier.disabled = sheet.from === 0;
  later.disabled = to >= total;
  const at = say("page", { a: number(sheet.from + 1), b: number(to), n: number(total) });
  return el("p", { class: "pager" }, earlier, " ", at, " ", later);
}
