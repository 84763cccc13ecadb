// The table twin: it lists what is visible, obeys the same filters and states the same counts.

const PAGE_ROWS = 200;
const PAGED_ABOVE = 1000;
const sheet = { tab: "nodes", by: null, down: false, from: 0 };

function nodeColumns() {
  const columns = [
    { key: "name", text: (n) => labelOf(n), sort: (n) => n.name, main: true },
    { key: "type", text: (n) => types[n.type].one, folds: true, brief: true },
    { key: "area", text: (n) => (areaOf(n) === null ? "" : areaName(areaOf(n))), folds: true },
  ];
  if (judged.size) {
    columns.push({ key: "verdict", text: (n) => (n.verdict === undefined ? "" : verdictName(n.verdict)), brief: true });
  }
  if (nodes.some((n) => n.facts && n.facts.assessed !== undefined)) {
    columns.push({
      key: "k_of_n",
      text: ({ facts }) => (facts && facts.assessed !== undefined
        ? say("k_of_n_value", { k: shownValue(facts.present), n: shownValue(facts.assessed) }) : ""),
      sort: ({ facts }) => (facts && facts.assessed ? facts.present / facts.assessed : -1),
      brief: true,
    });
  }
  columns.push({ key: "links", text: (n) => number(n.edges.length), sort: (n) => n.edges.length, number: true, folds: true, label: true });
  return columns;
}

function edgeColumns() {
  const phrase = (e) => {
    const relation = relations[e.relation];
    return relation.verb + (e.answer || relation.signed ? ", " + answerName(relation, e.answer) : "");
  };
  const who = (e) => [...new Set(e.claims.map((c) => (c.source ? c.source.name : say("no_source"))))].join("; ");
  return [
    { key: "from", text: (e) => nodes[e.a].name, node: (e) => nodes[e.a], main: true },
    { key: "relation", text: phrase },
    { key: "to", text: (e) => nodes[e.b].name, node: (e) => nodes[e.b], main: true },
    { key: "who", text: who, folds: true },
  ];
}

function drawTable(view, actions) {
  const holder = byId("table-view");
  const columns = sheet.tab === "nodes" ? nodeColumns() : edgeColumns();
  const rows = sorted(sheet.tab === "nodes" ? view.nodes : view.edges, columns);
  const paged = rows.length > PAGED_ABOVE;
  if (sheet.from >= rows.length) sheet.from = 0;
  const listed = paged ? rows.slice(sheet.from, sheet.from + PAGE_ROWS) : rows;
  const again = (change) => () => {
    change();
    drawTable(view, actions);
  };
  const tabs = el("div", { class: "tabs", role: "group", "aria-label": say("table") });
  for (const tab of ["nodes", "relations"]) {
    const n = tab === "nodes" ? view.nodes.length : view.edges.length;
    tabs.append(button(say(tab + "_tab") + " (" + number(n) + ")", again(() => {
      Object.assign(sheet, { tab, by: null, down: false, from: 0 });
    }), { "aria-pressed": String(sheet.tab === tab) }));
  }
  const head = el("tr", {});
  for (const column of columns) {
    const state_ = sheet.by === column.key ? (sheet.down ? "descending" : "ascending") : "none";
    const sort = button(say(column.key), again(() => {
      Object.assign(sheet, { down: sheet.by === column.key && !sheet.down, by: column.key, from: 0 });
      window.setTimeout(() => byId("sort-" + column.key).focus(), 0);
    }), { class: "sort", id: "sort-" + column.key });
    head.append(el("th", { scope: "col", "aria-sort": state_, class: cellClass(column) }, sort));
  }
  const body = el("tbody", {}, ...listed.map((row) => tableRow(row, columns, actions)));
  const table = el("table", {}, el("thead", {}, head), body);
  holder.replaceChildren(tabs);
  if (!rows.length) holder.append(el("p", {}, say("nothing")));
  else holder.append(table);
  if (paged) holder.append(pager(rows.length, again));
}

function sorted(rows, columns) {
  const column = columns.find((c) => c.key === sheet.by);
  if (!column) return rows;
  const value = column.sort || column.text;
  const sign = sheet.down ? -1 : 1;
  return rows.slice().sort((p, q) => {
    const [a, b] = [value(p), value(q)];
    const order = typeof a === "number" ? a - b : collator.compare(a, b);
    return sign * order || p.index - q.index;
  });
}

function cellClass(column) {
  return [column.folds ? "folds" : "", column.number ? "number" : "", column.brief ? "brief" : ""].join(" ").trim() || null;
}

function tableRow(row, columns, actions) {
  const made = el("tr", {});
  for (const column of columns) {
    const text = column.text(row);
    const cell = el(column.main ? "th" : "td", { class: cellClass(column), scope: column === columns[0] ? "row" : null });
    if (column.main) {
      const node = column.node ? column.node(row) : row;
      const go = button("", () => actions.select(node.index), { class: "node" });
      go.append(swatch(node.type, node.verdict), el("span", { class: "long" }, text));
      cell.append(go);
    } else {
      cell.append(el("span", { class: "long" }, text));
    }
    made.append(cell);
  }
  const folded = columns.filter((c) => c.folds && c.text(row))
    .map((c) => (c.label ? say(c.key) + ": " : "") + c.text(row)).join(" · ");
  if (folded) made.firstChild.append(el("span", { class: "folded long" }, folded));
  return made;
}

function pager(total, again) {
  const to = Math.min(total, sheet.from + PAGE_ROWS);
  const earlier = button(say("earlier"), again(() => (sheet.from = Math.max(0, sheet.from - PAGE_ROWS))));
  const later = button(say("later"), again(() => (sheet.from += PAGE_ROWS)));
  earlier.disabled = sheet.from === 0;
  later.disabled = to >= total;
  const at = say("page", { a: number(sheet.from + 1), b: number(to), n: number(total) });
  return el("p", { class: "pager" }, earlier, " ", at, " ", later);
}
