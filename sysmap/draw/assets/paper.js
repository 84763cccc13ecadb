// Paper: the picture is drawn anew for it, and what is folded away on the screen is opened.

let foldedAway = [];

function openForPaper() {
  const graph = state.view === "graph";
  const sheetOfPaper = byId("paper");
  sheetOfPaper.replaceChildren();
  if (graph && visible().nodes.length) sheetOfPaper.append(svgPicture());
  for (const more of [...document.querySelectorAll("#details button.more")]) more.click();
  const folds = document.querySelectorAll("#header details, #details details, #answer-view details, #footer details");
  foldedAway = [...folds].filter((fold) => !fold.open);
  for (const fold of foldedAway) fold.open = true;
}

function closeAfterPaper() {
  for (const fold of foldedAway) fold.open = false;
  foldedAway = [];
  byId("paper").replaceChildren();
}

window.addEventListener("beforeprint", openForPaper);
window.addEventListener("afterprint", closeAfterPaper);
