"""Every word of the interface, so that a page can speak another language.

A part in braces is filled in by the page; nothing here is markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from sysmap.core import names

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "skip": "Skip to the table",
        "count": "Showing {n} of {N} nodes, {e} of {E} relations.",
        "start_reason": "First the outcomes and the elements with most links "
        "(chosen by number of links, which is not importance).",
        "start_whole": "First all of these types: {types}. The legend adds the others.",
        "grown_reason": "The start and what you added.",
        "no_date": "Data date not given.",
        "hidden_by_filters": "{n} hidden by filters.",
        "hidden_scope": "Hidden by scope: {intermediate} intermediate, "
        "{undetermined} undetermined.",
        "hidden_country": "{kind} hidden in {country}: {counts}.",
        "hidden_absent": "{n} reported absent",
        "hidden_unnamed": "{n} not named",
        "hidden_silent": "{n} asked but silent",
        "hidden_unasked": "{n} not asked",
        "hidden_unreported": "{n} without a report",
        "nothing": "No node passes these filters.",
        "empty_map": "This map has no nodes.",
        "search": "Search",
        "search_hint": "name or id",
        "hits": "{n} hits",
        "one_hit": "1 hit",
        "no_hit": "Nothing found",
        "hit_hidden": "hidden by filters",
        "lifted": "Lifted filters: {filters}.",
        "scope": "Scope",
        "all": "All",
        "universal": "Universal",
        "context-specific": "Context-specific",
        "intermediate": "Intermediate",
        "undetermined": "Undetermined",
        "no_verdict": "No verdict",
        "leaning": "leaning {verdict}",
        "means_universal": "reported present nearly everywhere it was assessed",
        "means_intermediate": "present in many places, not in nearly all",
        "means_context-specific": "present only in some places",
        "means_undetermined": "too few reports to tell",
        "country": "Place",
        "everywhere": "Everywhere",
        "other_kind": "other places",
        "highlight": "Highlight",
        "neighbours": "Neighbours",
        "two_steps": "Two steps",
        "upstream": "All its causes",
        "downstream": "All its effects",
        "paths": "Paths to another",
        "target": "Second node",
        "target_none": "choose, or click it",
        "layout": "Layout",
        "layers": "Layers",
        "network": "Network",
        "view": "View",
        "graph": "Graph",
        "table": "Table",
        "reset": "Reset",
        "filters": "Filters",
        "tools": "Search, filters and layout",
        "status": "What is shown",
        "legend": "Legend and filters",
        "types": "Types",
        "relations": "Relations",
        "areas": "Areas of work",
        "verdicts": "Verdicts",
        "of": "{n} of {N}",
        "add": "add",
        "add_all": "Add all {many} to the picture",
        "tick_all": "all",
        "tick_none": "none",
        "unassigned": "Area not stated",
        "signs": "Lines",
        "sign_plus": "strengthens (+)",
        "sign_minus": "weakens (−)",
        "sign_unknown": "direction of effect unknown",
        "width": "Thicker lines have more sources: 1, 2 to 3, 4 or more.",
        "size": "Size carries no meaning.",
        "stage": "The map: {n} nodes, {e} relations. The table states everything that is drawn.",
        "keys_title": "Keys on the graph",
        "keys": "Arrows move to the nearest node, Enter opens the details, Escape clears, "
        "plus and minus zoom, 0 shows all.",
        "zoom_in": "Zoom in",
        "zoom_out": "Zoom out",
        "goes_on": "More than fits: drag, or press ⤢ for all.",
        "fit": "Fit to the window",
        "details": "Details",
        "close": "Close",
        "how_title": "How to read this map",
        "how_search": "Search for a name or click a node to see what it is, its links and who said "
        "so.",
        "how_filter": "The legend is the filter: untick what you do not need.",
        "how_claims": "Every line stands for one or more claims. "
        "Silence is not absence: what nobody reported is not drawn.",
        "show_all": "Show everything",
        "back": "Back to the start",
        "grow": "Grow around the selection",
        "facts": "What is known",
        "also": "Also called",
        "no_relations": "No relation is recorded.",
        "show_more": "Show {n} more",
        "claims": "{n} claims",
        "who": "Who said it",
        "no_source": "source not stated",
        "no_date_claim": "undated",
        "in_place": "about {place}",
        "country_not_stated": "country not stated",
        "not_reported_here": "universal, not reported here",
        "strength": "strength {n}",
        "selected": "{name}, {type}, {n} neighbours.",
        "upstream_n": "{n} nodes influence {name}, directly or along chains.",
        "upstream_one": "1 node influences {name}.",
        "upstream_none": "No claim says that anything shown influences {name}.",
        "downstream_n": "{name} influences {n} nodes, directly or along chains.",
        "downstream_one": "{name} influences 1 node.",
        "downstream_none": "No claim says that {name} influences anything shown.",
        "whole_one": "One source told that whole.",
        "whole_all": "For each of them one source told a chain whole.",
        "whole_some": "For {k} of them one source told a chain whole; for the other {n} the chain "
        "is stitched together, no source told it whole.",
        "stitched_one": "It is stitched together, no source told it whole.",
        "whole_none": "They are stitched together, no source told one whole.",
        "whole_made_up": "Told whole by illustrative sources only, made up to show how the tool "
        "works: {k} of {n}.",
        "traced_hidden": "{n} more are hidden by filters.",
        "traced_workers": "Organizations that work on what is highlighted",
        "on_n": "on {n}",
        "choose_target": "Choose the second node above, or click it.",
        "no_path": "No chain of claimed influences joins {from} and {to} in what is shown.",
        "paths_n": "Paths of up to {most} links from {from} to {to}: {n}.",
        "paths_capped": "The first {n} paths of up to {most} links from {from} to {to}.",
        "path_turned": "No path leads from {from} to {to}; the other way round:",
        "link_plus": "strengthens",
        "link_minus": "weakens",
        "link_unknown": "influences",
        "link_contested": "is said to strengthen and to weaken",
        "link_which": ", which",
        "told_by": "Told whole by {n} sources.",
        "told_by_one": "Told whole by 1 source.",
        "told_made_up": "Illustrative, made up to show how the tool works: {k} of {n}.",
        "stitched": "Stitched together, no source told it whole.",
        "present": "present",
        "absent": "absent",
        "contested": "contested",
        "not named": "not named",
        "silent": "asked but silent",
        "not asked": "not asked",
        "places_title": "All {n} places by answer",
        "plus": "strengthens",
        "minus": "weakens",
        "unknown_sign": "effect unknown",
        "disagree": "Sources disagree: {yes}, {no}.",
        "disagree_yes_one": "1 says it strengthens",
        "disagree_yes_many": "{n} say it strengthens",
        "disagree_no_one": "1 says it weakens",
        "disagree_no_many": "{n} say it weakens",
        "disagree_state": "Sources disagree: {yes}, {no}.",
        "disagree_state_yes_one": "1 says present",
        "disagree_state_yes_many": "{n} say present",
        "disagree_state_no_one": "1 says absent",
        "disagree_state_no_many": "{n} say absent",
        "name": "Name",
        "type": "Type",
        "area": "Area",
        "verdict": "Verdict",
        "k_of_n": "Present in",
        "k_of_n_value": "{k} of {n}",
        "k_of_n_none": "not reported",
        "links": "Relations",
        "nodes_tab": "Nodes",
        "relations_tab": "Relations and claims",
        "from": "From",
        "relation": "Relation",
        "to": "To",
        "page": "{a} to {b} of {n}",
        "earlier": "Earlier",
        "later": "Later",
        "sort": "Sort by {column}",
        "noscript": "This page needs a script to draw; without one it lists its nodes.",
        "noscript_more": "{n} more are not listed.",
        "noscript_instead": "Open the file in a browser that runs scripts, or ask for the brief or "
        "the workbook of this map: neither needs a script.",
        "footer": "This file works without a network and sends nothing.",
        "licence": "Licence of the data: {licence}.",
        "summary": "{title}: {n} nodes and {e} relations from {c} claims.",
        "trust": "If the picture is missing, trust this notebook or run the cell again.",
        "notes": "About these data",
        "added": "linked with",
        # What leaves the page.
        "take_away": "Take away",
        "download": "Download",
        "download_png": "Picture of the stage (PNG)",
        "download_svg": "Drawing of the whole graph (SVG)",
        "download_csv_nodes": "Nodes (CSV)",
        "download_csv_relations": "Relations (CSV)",
        "download_csv_answer": "The answer (CSV)",
        "download_print": "Print",
        "csv_nodes_file": "nodes",
        "csv_relations_file": "relations",
        "csv_answer_file": "answer",
        "saved": "Saved {file}.",
        "not_saved": "The picture is too large for this browser; take the drawing instead.",
        "highlighted": "Highlighted: {name}, {mode}, {n} nodes.",
        # The table twin.
        "source_count": "Sources",
        "rows": "{n} rows",
        "one_row": "1 row",
        "sorted_up": "sorted by {column}, upwards",
        "sorted_down": "sorted by {column}, downwards",
        # A page that shows an answer.
        "answer": "Answer",
        "answer_tab": "The answer",
        "answer_cut": "The first {n} of {N} rows; the workbook holds all.",
        "answer_more": "{n} more rows stand in the table.",
        "figure_hint": "Scroll the figure sideways to see all of it.",
        "answer_rows": "The first {n} of {N} rows",
        "answer_rows_all": "All rows",
        "answer_terms": "What the columns mean",
        "caveats": "What not to conclude",
        "methods": "How this was computed",
        "start_given": "The start that the author of this page chose.",
        "start_answer": "The first rows of the answer and what they are linked with.",
        # A page that shows areas in place of elements.
        "area_one": "area of work",
        "area_many": "areas of work",
        "area_note": "Elements are grouped: one node stands for all elements of an area, and a "
        "line for all claims between them. Links inside an area are counted in its details.",
        "area_elements": "elements",
        "area_sources": "distinct sources",
        "area_inside": "influences inside",
        "area_inside_value": "{c} claims from {n} sources",
        # The foot of the page and the notebook.
        "made_with": "Made with sysmap {version} for the audience {audience}.",
        "contact": "Contact: {contact}.",
        "still": "Picture of the map as it opens",
        "still_alt": "{title}: {n} of {N} nodes and the relations between them, as the page opens.",
    }
)
"""English; a caller may replace any entry."""

_RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "nqo", "ps", "syr", "ug", "ur", "yi"}
)
_SCRIPTS = {"arab": "rtl", "hebr": "rtl", "thaa": "rtl", "syrc": "rtl", "nkoo": "rtl"}
_PART = re.compile(r"\{(\w+)\}")


def direction(lang: str) -> str:
    """Which way a language is written, by its code; a script in the code decides.

    Examples
    --------
    >>> direction("en"), direction("ar"), direction("pa-Arab"), direction("az-Latn-IR")
    ('ltr', 'rtl', 'rtl', 'ltr')
    """
    first, *rest = lang.lower().split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), None)
    if script is not None:
        return _SCRIPTS.get(script, "ltr")
    return "rtl" if first in _RIGHT_TO_LEFT else "ltr"


def marked_english(lang: str) -> str:
    """Attributes of a sentence that stays English on a page in this language; none in English.

    Examples
    --------
    >>> marked_english("ar"), marked_english("en-GB")
    (' lang="en" dir="ltr"', '')
    """
    return "" if lang.lower().partition("-")[0] == "en" else ' lang="en" dir="ltr"'


def filled(text: str, **parts: object) -> str:
    """A text with its parts in braces filled in; any other brace stays as it is.

    Examples
    --------
    >>> filled("{k} of {n} {% raw %} {0} {", k=2, n=3)
    '2 of 3 {% raw %} {0} {'
    """
    return _PART.sub(lambda part: str(parts.get(part[1], part[0])), text)


def replaced(
    strings: Mapping[str, str] | None, more: Mapping[str, str] = MappingProxyType({})
) -> Mapping[str, str]:
    """The words with those that a caller replaced.

    Parameters
    ----------
    strings
        New texts by the keys of `WORDS`; each may use the parts in braces of the old text, and
        need not use them all.
    more
        Further texts that may be replaced: the words of the schema.

    Raises
    ------
    ValueError
        If a key or a part in braces is unknown.

    Examples
    --------
    >>> replaced({"table": "Tableau"})["table"]
    'Tableau'
    """
    known = {**WORDS, **more}
    for key, text in (strings or {}).items():
        if key not in known:
            like = names.alike(key, known)
            hint = f"did you mean {like[0]!r}?" if like else "take keys from sysmap.draw.words"
            raise ValueError(f"strings: {key!r} is no text of the page; {hint}")
        strange = sorted(set(_PART.findall(text)) - set(_PART.findall(known[key])))
        if strange:
            raise ValueError(
                f"strings: the text of {key!r} holds {{{strange[0]}}}, which nothing fills in; "
                f"write only the parts of {known[key]!r}"
            )
    return MappingProxyType({**known, **(strings or {})})


UNSPOKEN = frozenset(
    {
        "answer_terms",
        "area_elements",
        "area_inside",
        "area_inside_value",
        "area_many",
        "area_note",
        "area_one",
        "area_sources",
        "contact",
        "figure_hint",
        "footer",
        "licence",
        "made_with",
        "noscript",
        "noscript_instead",
        "noscript_more",
        "still",
        "still_alt",
        "trust",
    }
)
"""What stands in the page or in a notebook before any script runs, and is not sent to it."""
