"""Without any network the tests pass: nothing that sysmap does needs one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.faults.writers import ROOT

pytestmark = pytest.mark.slow
ALONE = ("unshare", "--map-root-user", "--net")
"""A name space of its own, in which the only interface is down."""
FILES = ("tests/test_cli.py", "tests/io/test_write_maps.py", "tests/core/test_model.py")


def alone(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Python in a child that has no network."""
    return subprocess.run(
        [*ALONE, sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=600,
    )


@pytest.mark.scorecard("faults", "no network")
def test_the_tests_pass_without_a_network() -> None:
    """Reading, checking, every verb of the command line and every format that is written."""
    if not shutil.which(ALONE[0]) or alone("-c", "").returncode:
        pytest.skip("this system lets nobody make a name space without network")
    reach = "import socket; socket.create_connection(('192.0.2.1', 80), 5)"
    assert "Network is unreachable" in alone("-c", reach).stderr
    options = ("-q", "-p", "no:cacheprovider", "-m", "not browser")
    ran = alone("-m", "pytest", *options, *FILES)
    assert 0 == ran.returncode, ran.stdout[-2000:]
    assert " passed" in ran.stdout
