"""How far a long answer has come, told to whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec

Progress = Callable[[int, int], None] | bool | None
"""Called with steps done and steps in all; True draws a bar where tqdm is installed."""


@contextmanager
def teller(progress: Progress, steps: int) -> Iterator[Callable[[int], None]]:
    """A function to call with the number of steps done, as long as the answer is sought.

    Parameters
    ----------
    progress
        A callable that takes steps done and steps in all; True for a bar of tqdm, which stays
        silent where tqdm is not installed; None or False for nothing. The bar is closed at the
        end, also where the answer came early or not at all.
    steps
        Steps in all.

    Raises
    ------
    TypeError
        If `progress` is anything else.

    Examples
    --------
    >>> seen = []
    >>> with teller(lambda done, steps: seen.append((done, steps)), 2) as tell:
    ...     tell(1)
    >>> seen
    [(1, 2)]
    """
    if callable(progress):
        yield lambda done: progress(done, steps)
        return
    if not (progress is None or isinstance(progress, bool)):
        raise TypeError(f"progress is {progress!r}; give a callable, True or None")
    if not progress or find_spec("tqdm") is None:
        yield lambda done: None
        return
    with import_module("tqdm.auto").tqdm(total=steps) as bar:
        yield lambda done: bar.update(done - bar.n)
