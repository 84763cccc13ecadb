"""A clock that is wrong, for children: what the system tells of the time of day is moved."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DAY = 24 * 60 * 60
_CODE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *at) {
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(id, at);
    if (!failed && id == CLOCK_REALTIME) at->tv_sec += atol(getenv("SYSMAP_TEST_CLOCK"));
    return failed;
}
time_t time(time_t *kept) {
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    if (kept) *kept = at.tv_sec;
    return at.tv_sec;
}
"""


def moved(folder: Path, days: int) -> dict[str, str]:
    """The environment of a child whose clock is so many days ahead; a negative number is behind."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not sys.platform.startswith("linux") or not compiler:
        pytest.skip("a moved clock needs Linux and a C compiler")
    library = folder / "clock.so"
    if not library.exists():
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-x", "c", "-", "-o", library, "-ldl"],
            input=_CODE,
            text=True,
            check=True,
        )
    return {"LD_PRELOAD": str(library), "SYSMAP_TEST_CLOCK": str(days * DAY)}
