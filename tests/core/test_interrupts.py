"""An interrupt ends what runs, also where Python drops the first one."""

import os
import signal
import threading
import time

import pytest

from sysmap.core import interrupts

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


class Deaf:
    """Meets an interrupt in its destructor, where Python drops it."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)


def work() -> None:
    for _ in range(500):
        time.sleep(0.01)


def interrupted(number: int) -> None:
    with interrupts.heeded():
        os.kill(os.getpid(), number)
        work()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_that_a_destructor_swallowed_comes_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(interrupts, "AGAIN", 0.1)

    def deaf() -> None:
        with interrupts.heeded():
            found = Deaf()
            del found
            work()

    with pytest.raises(KeyboardInterrupt):
        deaf()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_was_there_before_is_there_again(number: int) -> None:
    before = [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)]
    with pytest.raises(KeyboardInterrupt):
        interrupted(number)
    after = [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)]
    assert before == after
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_an_interrupt_waits_for_the_end_of_what_must_be_whole() -> None:
    done = []

    def whole() -> None:
        with interrupts.heeded(), interrupts.held():
            os.kill(os.getpid(), signal.SIGINT)
            done.append("whole")

    with pytest.raises(KeyboardInterrupt):
        whole()
    assert done == ["whole"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_waits_also_where_another_thread_takes_it(number: int) -> None:
    done = []
    over = threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()

    def whole() -> None:
        with interrupts.heeded(), interrupts.held():
            signal.pthread_kill(other.ident or 0, number)
            time.sleep(0.05)
            done.append("whole")

    try:
        with pytest.raises(KeyboardInterrupt):
            whole()
    finally:
        over.set()
        other.join()
    assert done == ["whole"]


def test_what_is_ignored_stays_ignored_while_interrupts_wait() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interrupts.held():
            assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
            os.kill(os.getpid(), signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_another_thread_changes_no_handler() -> None:
    found = []

    def look() -> None:
        with interrupts.heeded():
            found.append(signal.getsignal(signal.SIGINT))

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found == [before]
