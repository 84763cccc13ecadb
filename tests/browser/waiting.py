"""Waiting for what the page still has to do, and never for the clock."""

from __future__ import annotations

from typing import Any

TIMERS = """
if (window.waiting === undefined) {
  window.waiting = 0;
  const { setTimeout: begin, clearTimeout: stop } = window;
  const left = new Set();
  const ends = (id) => { left.delete(id); window.waiting = left.size; };
  window.setTimeout = (act, delay = 0, ...given) => {
    const id = begin.call(window, () => { ends(id); act(...given); }, delay);
    if (delay < 5000) left.add(id);
    window.waiting = left.size;
    return id;
  };
  window.clearTimeout = (id) => { ends(id); stop.call(window, id); };
}
"""
"""Counts, in a page that is not loaded yet, the timers that are still to ring."""


def settled(view: Any, frames: int = 8) -> None:
    """Return when the browser has drawn so many frames; a change of the stage takes three."""
    view.evaluate(
        "(left) => new Promise((done) => { const next = () => {"
        " if (left > 0) { left -= 1; requestAnimationFrame(next); } else done(); }; next(); })",
        frames,
    )


def rung(frame: Any) -> None:
    """Return when no timer of the page is left; it must have been loaded with ``TIMERS``."""
    frame.evaluate(
        "() => new Promise((done) => { const look = () => {"
        " if (window.waiting) requestAnimationFrame(look); else done(); }; look(); })"
    )
