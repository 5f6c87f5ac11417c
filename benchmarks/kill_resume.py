"""Kills a conversion at random moments and resumes it each time, until it is done; compares the results.

    python benchmarks/kill_resume.py [--kills 20] [--books 200] [--seed 1]

The books are made here. Each round starts `xltool convert … --resume`, kills it (SIGKILL; on Windows
TerminateProcess) after a random part of the time that an undisturbed run takes, and starts it again. After
the last kill the run is left alone; its output must equal the undisturbed one byte for byte. When a
conversion is done before all kills are spent, the next one begins from nothing.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.books import fill_raw
from tests.support.documents import make

DIFFERENT = 6


def make_books(folder: Path, count: int) -> None:
    """`count` books of three editions; a few are made and copied under many names, some are damaged."""
    editions = ("2021-national", "2023-national", "2024-shanghai")
    made = []
    for number in range(DIFFERENT):
        raw = make(number, editions[number % 3], details=20, unit="万元")
        raw["表"].pop("项目支出绩效自评表", None)
        made.append(folder / f"{number}.xlsx")
        fill_raw(raw, made[-1])
    for number in range(DIFFERENT, count):
        target = folder / f"{number}.xlsx"
        shutil.copy(made[number % DIFFERENT], target)
        if number % 17 == 0:
            target.write_bytes(target.read_bytes()[: 1000 * (number % 7)])


def start(books: Path, out: Path) -> subprocess.Popen[bytes]:
    """A run that takes up what an earlier one left."""
    command = [sys.executable, "-m", "xltool", "convert", str(books), "-o", str(out)]
    return subprocess.Popen(
        [*command, "--to", "parquet", "--resume"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def result(out: Path) -> dict[str, bytes]:
    """The files of an output."""
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def finish(run: subprocess.Popen[bytes], what: str) -> None:
    """Wait for a run that must succeed (1: some books can't be read, as they are meant to be)."""
    _, errors = run.communicate()
    if run.returncode not in (0, 1):
        sys.exit(f"{what}: exit code {run.returncode}\n{errors.decode('utf-8', 'replace')}")


def main() -> None:
    """Run the kills and say whether the results agree."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--books", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory(prefix="xltool-kill-") as name:
        folder = Path(name)
        books = folder / "books"
        books.mkdir()
        make_books(books, arguments.books)
        begun = time.perf_counter()
        finish(start(books, folder / "undisturbed"), "undisturbed")
        whole = time.perf_counter() - begun
        expected = result(folder / "undisturbed")
        sys.stdout.write(f"{arguments.books} books, undisturbed {whole:.1f} s\n")
        kills = conversions = 0
        out = folder / "killed"
        while kills < arguments.kills:
            run = start(books, out)
            time.sleep(chance.uniform(0.2, 1.0) * whole)
            if run.poll() is None:
                run.kill()
                run.communicate()
                kills += 1
                parts = len(list((folder / "killed.part" / "parts").glob("*.arrow")))
                sys.stdout.write(f"kill {kills}: {parts} parts finished\n")
            else:
                finish(run, "before the kill")
            if out.exists() and not (folder / "killed.part").exists():
                conversions += 1
                compare(result(out), expected)
                shutil.rmtree(out)
        finish(start(books, out), "after the last kill")
        compare(result(out), expected)
        sys.stdout.write(f"{kills} kills in {conversions + 1} conversions: all results are equal\n")


def compare(found: dict[str, bytes], expected: dict[str, bytes]) -> None:
    """Stop when two outputs differ."""
    if found != expected:
        names = [n for n in expected.keys() | found.keys() if found.get(n) != expected.get(n)]
        sys.exit(f"differs: {', '.join(sorted(names))}")


if __name__ == "__main__":
    main()
