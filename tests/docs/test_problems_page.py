"""The page of the problems and the code of the package say the same."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
Named = Mapping[str, list[ast.expr]]
CODE = re.compile(r"[EWN]\d{3}")
SECTION = re.compile(
    r'<a id="(?P<anchor>\w+)"></a>\n\n### (?P<code>\w+): (?P<title>.+)\n\n'
    r"(?P<meaning>(?:.+\n)+)\n```text\n(?P<example>.+)\n```\n\n(?P<remedy>(?:.+\n?)+)"
)
LEVELS = {"E": "error", "W": "warning", "N": "note"}
SECTIONS = [m.groupdict() for m in SECTION.finditer(PAGE)]


def trees() -> Iterator[ast.Module]:
    for path in sorted((ROOT / "sysmap").rglob("*.py")):
        yield ast.parse(path.read_text(encoding="utf-8"))


def is_code(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value) is not None
    )


def written(node: ast.expr, named: Named) -> str | None:
    """The text of an expression as a pattern, or None where the code does not spell it out."""
    if isinstance(node, ast.Name):
        ways = [written(value, {}) for value in named.get(node.id, ())]
        return f"(?:{'|'.join(map(str, ways))})" if ways and None not in ways else None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            re.escape(str(v.value)) if isinstance(v, ast.Constant) else ".*" for v in node.values
        )
    if isinstance(node, ast.IfExp):
        both = [written(node.body, named), written(node.orelse, named)]
        return None if None in both else f"(?:{'|'.join(map(str, both))})"
    return None


def texts_by_name(function: ast.FunctionDef) -> Named:
    """Everything that a function gives to a name."""
    found: defaultdict[str, list[ast.expr]] = defaultdict(list)
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            names = [n for target in node.targets for n in ast.walk(target)]
            for name in names:
                if isinstance(name, ast.Name):
                    found[name.id].append(node.value)
    return found


def beside(node: ast.AST) -> list[ast.expr]:
    """The arguments of a call, or the members of a tuple."""
    if isinstance(node, ast.Call):
        return node.args
    return node.elts if isinstance(node, ast.Tuple) else []


def patterns() -> dict[str, list[list[str]]]:
    """For every code the texts that stand beside it, one list for each place that makes it."""
    found: defaultdict[str, list[list[str]]] = defaultdict(list)
    functions = (f for tree in trees() for f in ast.walk(tree) if isinstance(f, ast.FunctionDef))
    for function in functions:
        named = texts_by_name(function)
        for node in ast.walk(function):
            for code in filter(is_code, beside(node)):
                texts = [written(p, named) for p in beside(node) if p is not code]
                found[code.value].append([t for t in texts if t and t != "id"])  # type: ignore[attr-defined]  # is_code says that it is a constant
    return found


CODES = {n.value for tree in trees() for n in ast.walk(tree) if is_code(n)}  # type: ignore[attr-defined]  # as above
MADE = patterns()


def test_every_code_has_one_section_and_every_section_a_code() -> None:
    assert dict.fromkeys(CODES, 1) == Counter(s["code"] for s in SECTIONS)


def test_every_heading_of_a_problem_is_a_whole_section() -> None:
    assert PAGE.count("\n### ") == len(SECTIONS)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda s: s["code"])
def test_a_section_has_its_anchor_and_an_example_in_the_form_of_a_message(
    section: dict[str, str],
) -> None:
    code = section["code"]
    assert code == section["anchor"]
    assert re.match(rf"{LEVELS[code[0]]} {code}(?: [^:]\S*.*?)?: \S", section["example"])
    if code[0] == "E":
        assert re.search(r" -> \S|\. [A-Z]", section["example"]), "an error says what to do"


@pytest.mark.parametrize("section", SECTIONS, ids=lambda s: s["code"])
def test_the_example_is_what_the_code_says(section: dict[str, str]) -> None:
    """Each text that the code spells out stands in the example, of one place at least."""
    ways = [way for way in MADE[section["code"]] if way]
    assert not ways or any(all(re.search(t, section["example"]) for t in way) for way in ways), ways


def test_sections_stand_in_groups_by_level_and_number() -> None:
    codes = [s["code"] for s in SECTIONS]
    assert sorted(codes, key=lambda c: (c[1], "EWN".index(c[0]), c)) == codes
