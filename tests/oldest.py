"""Print the oldest version of each package that sysmap allows, one pin a line, for pip."""

from __future__ import annotations

import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def pins(text: str) -> list[str]:
    """The lower bound of each package that sysmap needs to run, as a pin."""
    return [need.replace(">=", "==") for need in tomllib.loads(text)["project"]["dependencies"]]


if __name__ == "__main__":
    print("\n".join(pins(PROJECT.read_text(encoding="utf-8"))))
