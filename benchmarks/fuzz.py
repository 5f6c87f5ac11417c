"""Gives commands spoilt inputs: each must be worked with, or refused with a reason.

    python benchmarks/fuzz.py [--what book] [--count 10000] [--seed 1] [--first 0] [--jobs 1] [--seconds 60]
                              [--validate-every 1] [--json]

`--what` is a workbook that is read and validated (book), or what else commands read: template, edition (its
folder), rules, explanations, data; or others: these five in turn. Mutant N of a seed is always the same
(tests/hostile/mutations.py, inputs.py); `--first N --count 1 --keep PATH` writes it there. The work is done in
a child process that reports each mutant; a child that hangs, dies or takes more than 3 GB is replaced, and the
mutant that it had in hand is a fault. So is any exception but the one that carries a reason, a file written
where none should be, half an output, a connection, a process started.

Prints a table of outcomes and every fault; exit code 1 when there is a fault.
"""

from __future__ import annotations

import argparse
import faulthandler
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from tests.hostile.inputs import Trial

GOOD = ("成功", "部分", "拒绝")
OTHERS = ("template", "edition", "rules", "explanations", "data")
_MEMORY = 3 << 30
_SLICE = 500
_CHINESE = re.compile("[\u4e00-\u9fff]")
_INTERNAL = re.compile(r"Traceback|程序出错|Error\b|Exception|<xltool|0x[0-9a-f]{8}")
_WITHIN = ("open", "os.mkdir", "os.rename")
_FORBIDDEN = ("socket.connect", "subprocess.Popen", "os.system", "os.mkdir", "os.rename")


@dataclass
class Result:
    """What became of a mutant. `reason` is what people are told; of a fault it is the traceback."""

    number: int
    how: str
    outcome: str
    reason: str = ""
    seconds: float = 0.0


def examine_one(content: bytes, *, validate: bool = True) -> tuple[str, str]:
    """Read (and validate) a workbook: outcome and reason. Raises what should not be raised."""
    from xltool.checks import validate as check
    from xltool.core.problems import InputError
    from xltool.documents.datafile import dumps
    from xltool.documents.writing import to_raw
    from xltool.reading import examine
    from xltool.reading.facts import facts

    try:
        reading = examine(content)
        found = list(facts(reading).rows())
        dumps(to_raw(reading.report))
        faults = [*reading.problems, *(fault.problem for fault in reading.faults)]
        verdict = check(reading).verdict if validate else "未完成审核"
    except InputError as error:
        return "拒绝", str(error)
    assert verdict in ("合格", "不合格", "未完成审核")
    if faults:
        return "部分", "；".join(map(str, faults))
    assert found, "success without facts"
    return "成功", ""


def attempt(tried: Trial) -> tuple[str, str]:
    """Run a command on spoilt files in the current folder, as its user would: outcome and reason."""
    from click import ClickException

    from xltool.cli import chinese
    from xltool.cli.app import cli
    from xltool.core.problems import InputError

    for name, content in tried.files.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(content)
    before = set(Path().rglob("*"))
    said = io.StringIO()
    try:
        with redirect_stdout(said), redirect_stderr(said):
            code = cli.main(tried.args, standalone_mode=False, prog_name="xltool")
    except (InputError, ClickException) as error:
        is_input = isinstance(error, InputError)
        reason = str(error) if is_input else chinese.usage_message(error)
        left = set(Path().rglob("*")) - before
        return (f"留下 {sorted(map(str, left))}" if left else "拒绝"), reason
    assert code in (None, 0, 1, 2), code
    if code == 2:
        return "拒绝", said.getvalue()
    return ("部分" if code else "成功"), said.getvalue()


def child(what: str, seed: int, first: int, count: int, every: int, seconds: float) -> None:
    """Do some mutants and print a line of JSON for each; validate every so many."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    _warm_up(what, every)
    sys.dont_write_bytecode = True  # a module that is imported late is no file of the trial
    answers = sys.stdout
    touched: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        tempfile.tempdir = scratch
        sys.addaudithook(lambda event, args: touched.extend(_touching(event, args, scratch)))
        for number in range(first, first + count):
            tried = spoilt(what, seed, number)
            how = tried.how
            touched.clear()
            faulthandler.dump_traceback_later(seconds, exit=True)
            start = time.process_time()
            try:
                if what == "book":
                    outcome, reason = examine_one(
                        *tried.files.values(), validate=number % every == 0
                    )
                else:
                    outcome, reason = _apart(tried, Path(scratch) / str(number))
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                how = " xltool ".join(filter(None, (how, " ".join(tried.args))))
                outcome, reason = f"异常 {type(error).__name__}", traceback.format_exc()
            used = time.process_time() - start
            faulthandler.cancel_dump_traceback_later()
            if outcome in GOOD and touched:
                outcome, reason = "动了别的文件", "\n".join(touched)
            if outcome in ("部分", "拒绝") and _unclear(reason):
                outcome = "原因不清"
            result = Result(number, how, outcome, reason[-4000:], used)
            answers.write(json.dumps(asdict(result)) + "\n")
            answers.flush()


def _apart(tried: Trial, folder: Path) -> tuple[str, str]:
    """Outcome and reason of a trial in a folder of its own, which is gone afterwards."""
    folder.mkdir()
    try:
        os.chdir(folder)
        return attempt(tried)
    finally:
        os.chdir(folder.parent)
        shutil.rmtree(folder)


def spoilt(what: str, seed: int, number: int) -> Trial:
    """A mutant: its files, the command line that reads them, and how they were spoilt. A book has no line."""
    from tests.hostile.inputs import Trial, trial
    from tests.hostile.mutations import mutant

    if what == "book":
        made = mutant(seed, number)
        return Trial({"簿": made.content}, (), made.how)
    kind = OTHERS[number % len(OTHERS)] if what == "others" else what
    tried = trial(kind, seed, number)
    return replace(tried, how=f"{kind}:{tried.how}")


def _warm_up(what: str, every: int) -> None:
    """Let everything be imported and cached that is written on first use."""
    if what == "book":
        from tests.hostile.bases import pool

        for book in pool():
            examine_one(book, validate=every == 1)
    else:
        for number in range(len(OTHERS)):
            spoilt("others", 0, number)


def _touching(event: str, args: tuple[object, ...], scratch: str) -> Iterator[str]:
    """What is written outside the folder of the trials, or done that no command on a file does."""
    place = args[0] if event in _WITHIN else None
    if isinstance(place, (str, Path)) and Path(place).absolute().is_relative_to(scratch):
        return
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        yield f"open {args[0]!r}"
    elif event in _FORBIDDEN:
        yield f"{event} {args!r:.200}"


def _unclear(reason: str) -> bool:
    return not _CHINESE.search(reason) or _INTERNAL.search(reason) is not None


def run(
    what: str, seed: int, first: int, count: int, every: int, seconds: float
) -> Iterator[Result]:
    """The results of a range of mutants; children are started and replaced as needed."""
    end = first + count
    while first < end:
        arguments = [what, seed, first, end - first, every, seconds]
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
            process = subprocess.Popen(
                [sys.executable, __file__, "--child", *map(str, arguments)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=errors,
                encoding="utf-8",
            )
            assert process.stdout is not None
            for line in process.stdout:
                result = Result(**json.loads(line))
                first = result.number + 1
                yield result
            if process.wait() and first < end:
                errors.seek(0)
                said = errors.read()
                outcome = "超时" if "Timeout" in said else f"进程意外结束（{process.returncode}）"
                yield Result(first, "", outcome, said[-4000:], seconds)
                first += 1


def table(results: list[Result]) -> Iterator[str]:
    """The outcomes by kind of mutation (that of the last step), and in all."""
    outcomes = [*GOOD, *sorted({r.outcome for r in results} - set(GOOD))]
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        first = result.how.partition(":")[0]
        kind = first if first in OTHERS else result.how.rpartition("+")[2] or "?"
        by_kind[kind][result.outcome] += 1
        by_kind["合计"][result.outcome] += 1
    yield "| 改法 | " + " | ".join(outcomes) + " |"
    yield "|---|" + "---:|" * len(outcomes)
    for kind in (*sorted(by_kind.keys() - {"合计"}), "合计"):
        yield f"| {kind} | " + " | ".join(str(by_kind[kind][o]) for o in outcomes) + " |"
    slow = max(results, key=lambda result: result.seconds)
    yield f"最慢的一份用了 {slow.seconds:.2f} 秒（第 {slow.number} 份，{slow.how}）"


def keep(path: Path, what: str, seed: int, number: int) -> None:
    """Write a mutant: a workbook to a file; other inputs to a folder, with the command line printed."""
    tried = spoilt(what, seed, number)
    if what == "book":
        path.write_bytes(*tried.files.values())
        return
    for name, content in tried.files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    sys.stderr.write(f"cd {path}; xltool {' '.join(tried.args)}\n")


def main() -> int:
    """Fuzz; 1 when there is a fault."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--what", choices=("book", "others", *OTHERS), default="book")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--validate-every", type=int, default=1, metavar="N")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    if options.keep is not None:
        keep(options.keep, options.what, options.seed, options.first)
    begun = time.perf_counter()
    end = options.first + options.count
    ranges = [(at, min(_SLICE, end - at)) for at in range(options.first, end, _SLICE)]
    results: list[Result] = []
    with ThreadPoolExecutor(options.jobs) as pool:
        done = pool.map(
            lambda part: list(
                run(options.what, options.seed, *part, options.validate_every, options.seconds)
            ),
            ranges,
        )
        for part in done:
            results += part
            sys.stderr.write(f"\r{len(results)} / {options.count}")
    sys.stderr.write("\n")
    faults = [result for result in results if result.outcome not in GOOD]
    if options.json:
        sys.stdout.write(json.dumps([asdict(result) for result in results]))
        return 1 if faults else 0
    for fault in faults:
        sys.stdout.write(f"第 {fault.number} 份 {fault.how} {fault.outcome}\n{fault.reason}\n\n")
    for line in table(results):
        sys.stdout.write(line + "\n")
    sys.stdout.write(f"共 {len(results)} 份，用了 {time.perf_counter() - begun:.0f} 秒\n")
    return 1 if faults else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], *map(int, sys.argv[3:7]), float(sys.argv[7]))
    else:
        sys.exit(main())
