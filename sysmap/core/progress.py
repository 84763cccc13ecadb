"""How far a long answer has come, told to whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

Progress = Callable[[int, int], None] | bool | None
"""Called with steps done and steps in all; True draws a bar where tqdm is installed."""


def teller(progress: Progress, steps: int) -> Callable[[int], None]:
    """A function to call with the number of steps done.

    Parameters
    ----------
    progress
        A callable that takes steps done and steps in all; True for a bar of tqdm, which stays
        silent where tqdm is not installed; None or False for nothing.
    steps
        Steps in all.

    Examples
    --------
    >>> seen = []
    >>> tell = teller(lambda done, steps: seen.append((done, steps)), 2)
    >>> tell(1), seen
    (None, [(1, 2)])
    """
    if callable(progress):
        return lambda done: progress(done, steps)
    if progress is not True or find_spec("tqdm") is None:
        return lambda done: None
    bar = import_module("tqdm.auto").tqdm(total=steps)

    def advance(done: int) -> None:
        bar.update(done - bar.n)
        if done >= steps:
            bar.close()

    return advance
