// What a selection lights up.

/** The nodes and edges that a selection lights up. */
function highlighted(index, mode, view) {
  const lit = new Set([index]);
  const steps = mode === "neighbours" ? 1 : mode === "two_steps" ? 2 : Infinity;
  const tracing = mode === "upstream" || mode === "downstream";
  const litEdges = new Set();
  const byNode = new Map();
  for (const edge of view.edges) {
    for (const end of [edge.a, edge.b]) {
      if (!byNode.has(end)) byNode.set(end, []);
      byNode.get(end).push(edge);
    }
  }
  let frontier = [index];
  for (let step = 0; step < steps && frontier.length; step += 1) {
    const next = [];
    for (const at of frontier) {
      for (const edge of byNode.get(at) || []) {
        if (tracing && !relations[edge.relation].trace) continue;
        if (mode === "upstream" && edge.b !== at) continue;
        if (mode === "downstream" && edge.a !== at) continue;
        litEdges.add(edge.index);
        const other = otherEnd(edge, at);
        if (!lit.has(other)) {
          lit.add(other);
          next.push(other);
        }
      }
    }
    frontier = next;
  }
  return { nodes: lit, edges: litEdges };
}
