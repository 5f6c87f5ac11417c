"""A whole season of a 财政局: every planted fault has to be in its right state after every round.

    python benchmarks/season.py [--scale 1.0] [--folder FOLDER] [--jobs N]

About 300 units of 12 departments with forms of 3 editions hand in over three rounds: some skip a round, some change
their name, move to another folder, hand in twice, hand in what cannot be read, as .xls, in an archive, of the wrong
year or edition; there are units of one name, units that nobody listed, units that print the same code. The plan
(tests/support/seasons/plan.py) says what is true after each round; it is compared with the season's database by code
that knows nothing of the program's review (check.py), reading it with sqlite3 alone.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main() -> int:
    """Play the season; 0 when nothing is wrong."""
    from tests.support.seasons import books, check, plan

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--folder", type=Path, help="keeps everything there")
    parser.add_argument("--jobs", default="2")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="xltool-season-"))
    folder.mkdir(parents=True, exist_ok=True)
    units = plan.units(given.scale)
    books.write_list(folder / "单位清单.xlsx", units)
    faults = 0
    for number in range(1, plan.ROUNDS + 1):
        files = books.write_round(folder / f"第{number}轮", units, number)
        start = time.perf_counter()
        review(folder, number, given.jobs)
        took = time.perf_counter() - start
        wrong, compared = check.differences(folder / "季" / "季.sqlite", units, number)
        print_line(
            f"round {number}: {files} files, {took:.0f} s, {compared} states, {len(wrong)} wrong"
        )
        for line in wrong[:50]:
            print_line(f"  {line}")
        faults += len(wrong)
    print_line(f"{len(units)} units, {faults} wrong")
    if given.folder is None:
        shutil.rmtree(folder)
    return int(faults > 0)


def review(folder: Path, number: int, jobs: str) -> None:
    """One round, as a reviewer would do it."""
    args = [f"第{number}轮", "-o", f"审核{number}", "--season", "季", "--units", "单位清单.xlsx"]
    command = [sys.executable, "-m", "xltool", "review", *args, "--jobs", jobs]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)


def print_line(text: str) -> None:
    """A line for whoever runs this."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
