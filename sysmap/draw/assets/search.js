// Search: words in names, aliases and ids, without regard to case or marks above letters.

const MOST_HITS = 30;

function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

const haystack = nodes.map((node) => {
  const names = [node.name, ...(node.aliases || [])].map(folded);
  return { name: names[0], all: [...names, folded(node.id)].join(" \n ") };
});

/** Indices of nodes that hold every word; names that begin with the query come first. */
function matches(query) {
  const asked = folded(query).split(/\s+/u).filter(Boolean);
  if (!asked.length) return [];
  const whole = asked.join(" ");
  const found = [];
  for (const node of nodes) {
    const hay = haystack[node.index];
    if (!asked.every((word) => hay.all.includes(word))) continue;
    found.push([hay.name.startsWith(whole) ? 0 : hay.name.includes(whole) ? 1 : 2, node]);
  }
  found.sort((p, q) => p[0] - q[0] || collator.compare(p[1].name, q[1].name) || p[1].index - q[1].index);
  return found.map(([, node]) => node.index);
}

function setUpSearch(choose) {
  const input = byId("search");
  const list = byId("hits");
  let hits = [];
  let active = -1;

  /** What lies partly under the hits waits until they are closed. */
  function cover(covered) {
    list.hidden = !covered;
    for (const part of document.querySelectorAll("#status, #legend, #details, #main > *")) part.inert = covered;
  }

  function close() {
    cover(false);
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    hits = [];
    active = -1;
  }

  function mark(index) {
    active = index;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
    if (index < 0) return;
    input.setAttribute("aria-activedescendant", list.children[index].id);
    list.children[index].scrollIntoView({ block: "nearest" });
  }

  function take(index) {
    const node = nodes[hits[index]];
    close();
    input.value = "";
    choose(node);
  }

  function open() {
    const all = matches(input.value);
    if (!input.value.trim()) return close();
    hits = all.slice(0, MOST_HITS);
    list.replaceChildren(
      ...hits.map((index, i) => {
        const node = nodes[index];
        const kind = types[node.type].one + (hiddenBy(node).length ? ", " + say("hit_hidden") : "");
        const item = el(
          "li", { role: "option", id: "hit-" + i, "aria-selected": "false" },
          swatch(node.type), el("span", { class: "hit-name" }, node.name),
          el("span", { class: "hit-kind" }, kind)
        );
        item.addEventListener("mousedown", (event) => event.preventDefault());
        item.addEventListener("click", () => take(i));
        return item;
      })
    );
    if (!hits.length) {
      list.append(el("li", { class: "none", role: "option", "aria-disabled": "true" }, say("no_hit")));
    }
    cover(true);
    input.setAttribute("aria-expanded", "true");
    mark(hits.length ? 0 : -1);
    window.clearTimeout(open.later);
    open.later = window.setTimeout(() => {
      if (list.hidden) return;
      announce(all.length === 1 ? say("one_hit") : all.length ? say("hits", { n: all.length }) : say("no_hit"));
    }, 700);
  }

  input.addEventListener("input", open);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
      input.value = "";
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      take(active);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!hits.length) return open();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark((active + step + hits.length) % hits.length);
    }
  });
}
