// Paper: the picture is drawn anew for it, and what is folded away on the screen is opened.

const PAPER_WIDTH = 700; // pixels between the margins of an A4 sheet
let foldedAway = [];

/** As small as the sheet asks for, so that names keep a size that can be read on it. */
function paperScale(view) {
  const { x } = layoutNow();
  const wide = view.nodes.map(({ index }) => x[index]);
  return Math.max(0.42, Math.min(1, PAPER_WIDTH / (Math.max(...wide) - Math.min(...wide) + 300)));
}

function openForPaper() {
  document.body.dataset.paper = "";
  const view = visible();
  byId("paper").replaceChildren();
  if (state.view === "graph" && view.nodes.length) byId("paper").append(svgPicture(paperScale(view), false));
  if (state.view === "table" && view.nodes.length) byId("paper").append(svgLegend(view, PAPER_WIDTH));
  for (const more of [...document.querySelectorAll("#details button.more")]) more.click();
  const folds = document.querySelectorAll("#header details, #details details, #table-view details, #answer-view details, #footer details");
  foldedAway = [...folds].filter((fold) => !fold.open);
  for (const fold of foldedAway) fold.open = true;
}

function closeAfterPaper() {
  for (const fold of foldedAway) fold.open = false;
  foldedAway = [];
  byId("paper").replaceChildren();
  delete document.body.dataset.paper;
}

// The page repaints itself in the colours of paper first, so this listens after it.
on("started", () => {
  window.addEventListener("beforeprint", openForPaper);
  window.addEventListener("afterprint", closeAfterPaper);
});
