"""Peak memory of reading IATI files: it follows what is kept, never the size of the file.

Three made files: 10 MB; 100 MB with the same activities, each with ten times the transactions; and
100 MB with ten times the activities.  The peak is that of a process of its own, less that of one
that imports the same and reads nothing.
Run it as ``python tests/benchmarks/iati_memory.py``, on a system with ``os.wait4``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
SLACK_MB = 12
"""By how much the peak may differ between files of 10 and 100 MB that hold the same activities."""

TRANSACTION = (
    '<transaction ref="{n}"><transaction-type code="3"/><transaction-date iso-date="2021-03-01"/>'
    '<value value-date="2021-03-01" currency="USD">{n}</value><description><narrative>Payment '
    "for goods and services under the agreement</narrative></description></transaction>"
)
BEGIN = '<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03">\n'
ACTIVITY = (
    '<iati-activity last-updated-datetime="2024-01-01T00:00:00Z" xml:lang="en">'
    "<iati-identifier>XX-1-{n}</iati-identifier>"
    '<reporting-org ref="XX-1" type="40"><narrative>Aurora Agency</narrative></reporting-org>'
    "<title><narrative>Activity number {n}</narrative></title>"
    '<participating-org ref="XX-1" role="1" type="40"/>'
    '<participating-org ref="XX-{org}" role="4" type="22"/>'
    '<activity-status code="2"/><activity-date iso-date="2020-01-01" type="2"/>'
    '<recipient-country code="NP"/><sector code="11130"/>{filler}</iati-activity>\n'
)
STREAM = "from sysmap.io.iati_xml import Stream; n = sum(1 for _ in Stream(Path(argv[1]), 'f'))"
READ = "n = len(sysmap.read(argv[1]).nodes('activities'))"
NOTHING = "n = 0"


def made(path: Path, activities: int, transactions: int) -> Path:
    """A file of so many activities with so many transactions each."""
    filler = "".join(TRANSACTION.format(n=n) for n in range(transactions))
    with path.open("w", encoding="utf-8") as file:
        file.write(BEGIN)
        for n in range(activities):
            file.write(ACTIVITY.format(n=n, org=2 + n % 50, filler=filler))
        file.write("</iati-activities>\n")
    return path


def run(statement: str, path: Path) -> tuple[float, float, int]:
    """Peak MB, processor seconds, and what the statement counted, in an interpreter of its own."""
    before = "from pathlib import Path; from sys import argv; import sysmap; sysmap.read; "
    code = f"{before}{statement}; print(n)"
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    printed = child.stdout.read() if child.stdout else ""
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{statement} failed with exit code {child.returncode}")
    return usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime, int(printed)


def main() -> int:
    """Measure, print, and tell by the exit code whether the bounds are kept."""
    peaks: dict[tuple[str, str], float] = {}
    with tempfile.TemporaryDirectory() as folder:
        files = {
            "small": made(Path(folder, "small.xml"), 700, 55),
            "long": made(Path(folder, "long.xml"), 700, 550),
            "many": made(Path(folder, "many.xml"), 7_000, 55),
        }
        idle = run(NOTHING, files["small"])[0]
        print(f"imports alone: {idle:.0f} MB")
        for word, statement in (("stream", STREAM), ("read", READ)):
            for name, path in files.items():
                peak, seconds, count = run(statement, path)
                peaks[word, name] = peak - idle
                size = path.stat().st_size / 1e6
                print(
                    f"{word:6} {name:5} {size:4.0f} MB, {count:5,} activities: "
                    f"{peak - idle:5.1f} MB over imports, {seconds:.1f} s of processor time"
                )
    flat = [
        peaks["stream", "long"] - peaks["stream", "small"],
        peaks["stream", "many"] - peaks["stream", "small"],
        peaks["read", "long"] - peaks["read", "small"],
    ]
    more = (peaks["read", "many"] - peaks["read", "small"]) * 1024 / 6_300
    print(f"ten times the file, same tables: at most {max(flat):.1f} MB more, bound {SLACK_MB} MB")
    print(f"each further activity that is kept: {more:.1f} KB, no bound")
    return 0 if max(flat) <= SLACK_MB else 1


if __name__ == "__main__":
    raise SystemExit(main())
