"""Interrupts: they wait while libraries must not be cut short, and none is lost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN = 3.0
"""Seconds after which an interrupt comes again: Python drops one that meets a destructor."""

_ENDING = (signal.SIGINT, signal.SIGTERM)
_NOT_OURS = (None, signal.SIG_IGN)


@contextmanager
def held() -> Iterator[None]:
    """Interrupts wait for the end of the block; some libraries abort when they are cut short.

    The kernel hands a signal to any thread of a process that does not block it, and Python then
    acts on it in the main thread; so the main thread both blocks signals and puts off acting on
    them. Threads that start in the block go on blocking them.

    Examples
    --------
    >>> with held():
    ...     print("whole")
    whole
    """
    came: list[int] = []
    before = {n: signal.getsignal(n) for n in _ENDING} if _in_main_thread() else {}
    put_off = {n: handler for n, handler in before.items() if handler not in _NOT_OURS}
    mask = getattr(signal, "pthread_sigmask", None)
    blocked = None if mask is None else mask(signal.SIG_BLOCK, _ENDING)
    try:
        for number in put_off:
            signal.signal(number, lambda which, frame: came.append(which))
        yield
    finally:
        if mask is not None:
            mask(signal.SIG_SETMASK, blocked)
        for number, handler in put_off.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])


@contextmanager
def heeded() -> Iterator[None]:
    """Ctrl-C and a polite kill raise KeyboardInterrupt in the block until it has ended.

    Outside the main thread nothing is changed, and what the process was told to ignore stays so.
    """
    if not _in_main_thread():
        yield
        return
    again = getattr(signal, "setitimer", None)

    def end(number: int, frame: FrameType | None) -> None:
        if again is not None:
            again(signal.ITIMER_REAL, AGAIN)
        raise KeyboardInterrupt

    numbers = [*_ENDING] if again is None else [*_ENDING, signal.SIGALRM]
    before = {n: signal.getsignal(n) for n in numbers}
    for number, handler in before.items():
        if number != signal.SIGINT or handler is not signal.SIG_IGN:
            signal.signal(number, end)
    try:
        yield
    finally:
        if again is not None:
            again(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
