"""A file of 100 MB of IATI activities is read in bounded memory.

Run ``python tests/benchmarks/iati_memory.py``. It writes a file of 20 MB and one of 100 MB with the
same activities and five times the transactions, reads each in a process of its own, and prints
seconds and the peak of the memory. The bound is a ratio: the large file may need at most a quarter
more memory than the small one. Exit code 1 when it is missed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ACTIVITIES, BOUND = 4_000, 1.25
TRANSACTION = (
    "<transaction><transaction-type code='3'/><value currency='USD'>1</value></transaction>"
)
PROBE = """
import resource, sys
import sysmap as sm
m = sm.read(sys.argv[1])
print(len(m.activities), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def made(path: Path, megabytes: int) -> Path:
    """A file of about so many megabytes, most of it transactions."""
    bulk = TRANSACTION * (megabytes * 1_000_000 // ACTIVITIES // len(TRANSACTION))
    with path.open("w", encoding="utf-8") as stream:
        stream.write("<iati-activities version='2.03'>")
        for i in range(ACTIVITIES):
            stream.write(
                f"<iati-activity><iati-identifier>id-{i}</iati-identifier>"
                f"<reporting-org ref='R{i % 90}'/>"
                f"<title><narrative>Activity {i}</narrative></title>"
                f"<participating-org role='{i % 4 + 1}' ref='P{i % 500}'/>{bulk}"
                f"<recipient-country code='NP'/><sector code='{11110 + i % 20}'/>"
                "</iati-activity>"
            )
        stream.write("</iati-activities>")
    return path


def measured(path: Path) -> float:
    """Peak memory in MB of a process that reads the file."""
    begin = time.perf_counter()
    told = subprocess.run(
        [sys.executable, "-c", PROBE, str(path)], check=True, capture_output=True, text=True
    ).stdout.split()
    seconds, size = time.perf_counter() - begin, path.stat().st_size / 1e6
    print(f"{size:.0f} MB, {told[0]} activities: {seconds:.1f} s, peak {told[1]} MB")
    return float(told[1])


def main() -> int:
    """Measure both files and compare."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = (measured(made(Path(folder, f"{n}.xml"), n)) for n in (20, 100))
    print(f"ratio {large / small:.2f}, bound {BOUND}")
    return int(large > BOUND * small)


if __name__ == "__main__":
    sys.exit(main())
