// Downloads: the picture as PNG and SVG, nodes and relations as CSV. Nothing leaves this machine.

/** A spreadsheet program must not run what a survey says; numbers stay numbers. */
function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = String(value);
  const guarded = /^'*[=+\-@\t\r]/.test(text) ? "'" + text : text;
  return /[",\r\n]/.test(guarded) ? '"' + guarded.replaceAll('"', '""') + '"' : guarded;
}

function csvOf(head, rows) {
  // The mark at the beginning tells spreadsheet programs that the letters are UTF-8.
  return "\uFEFF" + [head, ...rows].map((cells) => cells.map(csvCell).join(",")).join("\r\n") + "\r\n";
}

function nodesCsv(view) {
  const extra = answerColumns();
  const head = ["id", "name", "type", "area", "verdict", "present", "assessed", "relations", "description"];
  const rows = view.nodes.map((node) => {
    const facts = node.facts || {};
    const count = (value) => (typeof value === "number" ? value : null);
    return [
      node.id, node.name, types[node.type].one, areaOf(node) === null ? "" : areaName(areaOf(node)),
      node.verdict === undefined ? "" : data.verdicts[node.verdict], count(facts.present), count(facts.assessed),
      node.edges.length, node.description, ...extra.map((column) => column.raw(node)),
    ];
  });
  return csvOf([...head, ...extra.map((column) => column.title)], rows);
}

function relationsCsv(view) {
  const head = ["from_id", "from", "relation", "answer", "to_id", "to", "sources", "claims", "who_said_it"];
  const rows = view.edges.map((edge) => {
    const relation = relations[edge.relation];
    const answer = edge.answer || relation.signed ? answerName(relation, edge.answer) : "";
    return [
      nodes[edge.a].id, nodes[edge.a].name, relation.verb, answer, nodes[edge.b].id, nodes[edge.b].name,
      edge.sources, edge.claims.length, edge.claims.map(spokenClaim).join("; "),
    ];
  });
  return csvOf(head, rows);
}

/** One claim in a few words: who said it, when, about where. */
function spokenClaim({ source, date, place }) {
  const when = date || (source && source.date) || say("no_date_claim");
  const where = place === null ? "" : ", " + nodes[place].name;
  return (source ? source.name : say("no_source")) + " (" + when + where + ")";
}

/** A name for files that every system takes. */
function fileName(part, ending) {
  const plain = folded(data.title).replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60);
  return (plain || "map") + (part ? "-" + part : "") + "." + ending;
}

function saveFile(blob, name) {
  const address = URL.createObjectURL(blob);
  const anchor = el("a", { href: address, download: name });
  anchor.addEventListener("click", (event) => event.stopPropagation());
  anchor.click();
  window.setTimeout(() => URL.revokeObjectURL(address), 60000);
  announce(say("saved", { file: name }));
}

const textFile = (text, type) => new Blob([text], { type: type + ";charset=utf-8" });

const DOWNLOADS = {
  png() {
    canvasPicture().toBlob((blob) => {
      if (blob) saveFile(blob, fileName("", "png"));
      else announce(say("not_saved"));
    }, "image/png");
  },
  svg() {
    const text = '<?xml version="1.0" encoding="UTF-8"?>\n' + new XMLSerializer().serializeToString(svgPicture());
    saveFile(textFile(text, "image/svg+xml"), fileName("", "svg"));
  },
  csv_nodes() {
    saveFile(textFile(nodesCsv(visible()), "text/csv"), fileName(say("csv_nodes_file"), "csv"));
  },
  csv_relations() {
    saveFile(textFile(relationsCsv(visible()), "text/csv"), fileName(say("csv_relations_file"), "csv"));
  },
  csv_answer() {
    saveFile(textFile(answerCsv(), "text/csv"), fileName(say("csv_answer_file"), "csv"));
  },
  print() {
    window.print();
  },
};

on("started", () => {
  const holder = byId("downloads");
  const menu = el("details", { class: "menu" }, el("summary", {}, say("download")));
  const list = el("div", { class: "menu-list", role: "group", "aria-label": say("download") });
  for (const [key, action] of Object.entries(DOWNLOADS)) {
    if (key === "csv_answer" && !data.answer) continue;
    const word = "download_" + key;
    list.append(button(say(word), () => {
      menu.open = false;
      menu.querySelector("summary").focus();
      action();
    }, { id: word.replaceAll("_", "-") }));
  }
  menu.append(list);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  holder.append(el("span", { class: "tool-name", "aria-hidden": "true" }, say("take_away")), menu);
  holder.hidden = false;
});
