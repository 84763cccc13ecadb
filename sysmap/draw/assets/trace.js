// What a selection lights up: near nodes, all causes, all effects, or the paths to a second node.

const MOST_LINKS = 4; // longer paths are shown only where there is no shorter one
const MOST_CHAINS = 200;
const working = relations.findIndex((relation) => relation.work);

function isTracing(mode) {
  return mode === "upstream" || mode === "downstream" || mode === "paths";
}

/** The nodes and edges that a selection lights up, among the edges that are given. */
function highlighted(index, mode, among) {
  if (mode === "paths") return onPaths(index, state.target, among);
  const steps = mode === "neighbours" ? 1 : mode === "two_steps" ? 2 : Infinity;
  const lit = new Set([index]);
  const litEdges = new Set();
  const near = byEnd(isTracing(mode) ? among.filter((edge) => relations[edge.relation].trace) : among);
  let frontier = [index];
  for (let step = 0; step < steps && frontier.length; step += 1) {
    const next = [];
    for (const at of frontier) {
      for (const edge of near.get(at) || []) {
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
  return { nodes: lit, edges: litEdges, chains: [] };
}

function byEnd(among) {
  const near = new Map();
  for (const edge of among) {
    for (const end of edge.a === edge.b ? [edge.a] : [edge.a, edge.b]) {
      if (!near.has(end)) near.set(end, []);
      near.get(end).push(edge);
    }
  }
  return near;
}

/** Influences by pair of ends: parallel ones, of either sign, are one link of a chain. */
function linksOf(among) {
  const links = new Map();
  for (const edge of among) {
    if (!relations[edge.relation].trace || edge.a === edge.b) continue;
    if (!links.has(edge.a)) links.set(edge.a, new Map());
    const to = links.get(edge.a);
    if (!to.has(edge.b)) to.set(edge.b, []);
    to.get(edge.b).push(edge);
  }
  return links;
}

/** How many links each node is from the end of a chain. */
function linksAway(links, target) {
  const back = new Map();
  for (const [from, tos] of links) {
    for (const to of tos.keys()) {
      if (!back.has(to)) back.set(to, []);
      back.get(to).push(from);
    }
  }
  const away = new Map([[target, 0]]);
  let frontier = [target];
  while (frontier.length) {
    const next = [];
    for (const at of frontier) {
      for (const from of back.get(at) || []) {
        if (away.has(from)) continue;
        away.set(from, away.get(at) + 1);
        next.push(from);
      }
    }
    frontier = next;
  }
  return away;
}

/** Chains without a circle from one node to another, the shortest first. */
function chainsBetween(links, from, to) {
  const away = linksAway(links, to);
  const found = [];
  if (from === to || !away.has(from)) return { chains: found, most: MOST_LINKS, capped: false };
  const most = Math.max(MOST_LINKS, away.get(from));
  for (let length = away.get(from); length <= most && found.length < MOST_CHAINS; length += 1) {
    const chain = [from];
    const walk = (at) => {
      const left = length - chain.length + 1;
      if (!left) {
        if (at === to) found.push([...chain]);
        return;
      }
      for (const next of [...(links.get(at) || new Map()).keys()].sort((p, q) => p - q)) {
        if (found.length >= MOST_CHAINS) return;
        if (chain.includes(next) || !(away.get(next) <= left - 1) || (next === to && left > 1)) continue;
        chain.push(next);
        walk(next);
        chain.pop();
      }
    };
    walk(from);
  }
  return { chains: found, most, capped: found.length >= MOST_CHAINS };
}

/** All that lies on a chain between two nodes; where there is none forwards, backwards. */
function onPaths(index, target, among) {
  const lit = { nodes: new Set([index]), edges: new Set(), chains: [], most: MOST_LINKS, capped: false, turned: false };
  if (target === null) return lit;
  lit.nodes.add(target);
  const links = linksOf(among);
  let found = chainsBetween(links, index, target);
  if (!found.chains.length) {
    const back = chainsBetween(links, target, index);
    if (back.chains.length) {
      found = back;
      lit.turned = true;
    }
  }
  Object.assign(lit, found);
  for (const chain of lit.chains) {
    chain.forEach((node, i) => {
      lit.nodes.add(node);
      if (i) for (const edge of links.get(chain[i - 1]).get(node)) lit.edges.add(edge.index);
    });
  }
  return lit;
}

function isMadeUp(said) {
  return said !== null && sources[said].grade === "illustrative";
}

/** The sources that told every link of a chain. */
function toldWhole(chain, links) {
  let telling = null;
  for (let i = 1; i < chain.length; i += 1) {
    const said = new Set();
    for (const edge of links.get(chain[i - 1]).get(chain[i])) {
      for (const claim of edge.claims) if (claim.said !== null) said.add(claim.said);
    }
    telling = telling === null ? said : new Set([...telling].filter((source) => said.has(source)));
  }
  return telling || new Set();
}

/** The traced nodes that some source alone links with the selection, among the sources that count. */
function reachedByOneSource(index, mode, lit, counts = () => true) {
  const bySource = new Map();
  for (const at of lit.edges) {
    for (const claim of edges[at].claims) {
      if (claim.said === null || !counts(claim.said)) continue;
      if (!bySource.has(claim.said)) bySource.set(claim.said, new Set());
      bySource.get(claim.said).add(edges[at]);
    }
  }
  const reached = new Set();
  for (const told of bySource.values()) {
    for (const node of highlighted(index, mode, [...told]).nodes) reached.add(node);
  }
  reached.delete(index);
  return reached;
}

/** Organizations that work on any of these nodes, with how many of them, most first. */
function workersOn(lit) {
  const found = new Map();
  for (const edge of edges) {
    if (edge.relation !== working || !lit.has(edge.b)) continue;
    if (!found.has(edge.a)) found.set(edge.a, new Set());
    found.get(edge.a).add(edge.b);
  }
  return [...found].map(([index, on]) => [index, on.size]).sort(
    (p, q) => q[1] - p[1] || collator.compare(nodes[p[0]].name, nodes[q[0]].name) || p[0] - q[0]
  );
}
