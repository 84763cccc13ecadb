"""Work on slices, two at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

THREADS = 2

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Other = TypeVar("Other")


def in_threads(work: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[Answer]:
    """The answers in the order of the items; an interrupt drops what has not begun.

    Dense products stay on the thread that asks for them: their own threads spin where others work.

    Examples
    --------
    >>> list(in_threads(abs, [-1, 2]))
    [1, 2]
    """
    from threadpoolctl import threadpool_limits

    pool = ThreadPoolExecutor(THREADS)
    with threadpool_limits(1, user_api="blas"):
        try:
            yield from pool.map(work, items)
        finally:
            pool.shutdown(cancel_futures=True)


def both(one: Callable[[], Answer], other: Callable[[], Other]) -> tuple[Answer, Other]:
    """Two answers that are found at the same time.

    Examples
    --------
    >>> both(lambda: 1, lambda: "b")
    (1, 'b')
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(1) as pool:
        later = pool.submit(other)
        return one(), later.result()
