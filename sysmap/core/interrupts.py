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


@contextmanager
def held() -> Iterator[None]:
    """Interrupts wait for the end of the block; some libraries abort when they are cut short.

    Examples
    --------
    >>> with held():
    ...     print("whole")
    whole
    """
    mask = getattr(signal, "pthread_sigmask", None)
    if mask is None:
        yield
        return
    before = mask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        mask(signal.SIG_SETMASK, before)


@contextmanager
def heeded() -> Iterator[None]:
    """Ctrl-C and a polite kill raise KeyboardInterrupt in the block until it has ended.

    Outside the main thread nothing is changed, and what the process was told to ignore stays so.
    """
    if threading.current_thread() is not threading.main_thread():
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
