"""The public names: sorted, documented, and called the way the signature law says.

The law: the map first and by position only, the question's own subject second where it has one,
everything else by keyword, and one name per concept.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
from collections.abc import Callable
from inspect import Parameter
from pathlib import Path

import pytest

import sysmap

PUBLIC = tuple(getattr(sysmap, "__all__", ()))
THINGS = {name: getattr(sysmap, name) for name in PUBLIC}
FUNCTIONS = {name: thing for name, thing in THINGS.items() if inspect.isfunction(thing)}
CLASSES = {name: thing for name, thing in THINGS.items() if inspect.isclass(thing)}

# What each public function takes by position. A name that is absent here is not public.
POSITIONAL = {
    "backtest": ("m",),
    "calendar": ("m",),
    "change": ("before", "after"),
    "check": ("x",),
    "coalitions": ("m",),
    "common_outcomes": ("m",),
    "complementarity": ("m",),
    "coverage": ("m",),
    "example": ("name",),
    "exchange": ("m",),
    "influence": ("m",),
    "loops": ("m",),
    "match": ("names", "m"),
    "opportunities": ("m",),
    "pathways": ("m", "cause", "effect"),
    "perspectives": ("m",),
    "profiles": ("m",),
    "read": ("x",),
    "report": ("m", "folder"),
    "responses": ("m",),
    "scan": ("source",),
    "template": ("path", "m"),
    "to_html": ("x", "path"),
    "to_networkx": ("m",),
    "to_pyvis": ("m",),
    "universality": ("m",),
    "what_if": ("m", "changes"),
    "write": ("m", "path"),
}
MAP_FIRST = {"m", "before"}

# Other words for a concept that already has one.
OTHER_WORDS = {
    "group_by": "by",
    "groupby": "by",
    "inplace": "nothing: a new map is returned",
    "iterations": "draws",
    "max_len": "max_length",
    "maxlen": "max_length",
    "n_draws": "draws",
    "permutations": "draws",
    "random_state": "rng",
    "repeats": "draws",
    "seed": "rng",
    "top_n": "top",
    "verbose": "progress",
}


def faults_of(name: str, function: Callable[..., object]) -> list[str]:
    """Everything about a signature that the law refuses."""
    parameters = list(inspect.signature(function).parameters.values())
    by_position = [p for p in parameters if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD}]
    faults = []
    if tuple(p.name for p in by_position) != POSITIONAL.get(name):
        faults.append(f"by position: {[p.name for p in by_position]}, not {POSITIONAL.get(name)}")
    for p in by_position[:1]:
        if p.name in MAP_FIRST and p.kind is not Parameter.POSITIONAL_ONLY:
            faults.append(f"{p.name} can be given by keyword")
    for p in parameters:
        if p.kind in {p.VAR_POSITIONAL, p.VAR_KEYWORD}:
            faults.append(f"{p.name} takes anything, so a typo passes silently")
        if p in by_position and isinstance(p.default, bool):
            faults.append(f"{p.name} is a switch without a name at the call")
        if p.name in OTHER_WORDS:
            faults.append(f"{p.name} is called {OTHER_WORDS[p.name]} everywhere else")
        if p.annotation is Parameter.empty:
            faults.append(f"{p.name} has no type")
        if isinstance(p.default, list | dict | set):
            faults.append(f"{p.name} has a default that every call shares")
    if inspect.signature(function).return_annotation is inspect.Signature.empty:
        faults.append("the return value has no type")
    return faults


def sections_missing(thing: object) -> list[str]:
    """What a docstring lacks; an error is shown by the function that raises it."""
    text = inspect.getdoc(thing) or ""
    if not text:
        return ["docstring"]
    if inspect.isclass(thing) and issubclass(thing, BaseException):
        return []
    return [] if "Examples\n--------" in text and ">>> " in text else ["Examples"]


def test_the_public_names_are_sorted_and_listed_once():
    assert list(PUBLIC) == sorted(set(PUBLIC))


def test_every_public_function_obeys_the_signature_law():
    faults = {name: faults_of(name, function) for name, function in FUNCTIONS.items()}
    assert {name: found for name, found in faults.items() if found} == {}


def test_every_public_thing_has_a_docstring_with_an_example():
    things = {**FUNCTIONS, **CLASSES}
    missing = {name: sections_missing(thing) for name, thing in things.items()}
    assert {name: found for name, found in missing.items() if found} == {}


def test_no_module_shares_its_dotted_name_with_a_public_name():
    """Otherwise importing the module would replace the function in the package."""
    assert [name for name in PUBLIC if importlib.util.find_spec(f"sysmap.{name}")] == []


def by_keyword(m, /): ...
def map_by_keyword(m: object) -> None: ...
def position(m: object, top: int, /) -> None: ...
def anything(m: object, /, **options: object) -> None: ...
def other_word(m: object, /, *, seed: int = 0) -> None: ...
def shared(m: object, /, *, by: list[str] = []) -> None: ...  # noqa: B006  the fault to be found


@pytest.mark.parametrize(
    ("function", "fault"),
    [
        (by_keyword, "m has no type"),
        (map_by_keyword, "m can be given by keyword"),
        (position, "by position"),
        (anything, "options takes anything"),
        (other_word, "seed is called rng"),
        (shared, "by has a default that every call shares"),
    ],
)
def test_the_signature_law_finds_each_fault(function, fault):
    assert any(found.startswith(fault) for found in faults_of("loops", function))


def test_the_names_that_type_checkers_see_are_those_that_load():
    tree = ast.parse(Path(sysmap.__file__).read_text(encoding="utf-8"))
    seen = {
        alias.name: node.module
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == sysmap._HOMES
    assert set(sysmap.__all__) == set(seen)


def test_an_unknown_name_is_refused_and_known_ones_are_listed():
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = sysmap.nonsense
    assert set(sysmap.__all__) <= set(dir(sysmap))
