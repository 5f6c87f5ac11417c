"""Every command and sink that writes, to be killed at each of its file events, and what must hold then."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Set
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from tests.support.alone import without_workers
from tests.support.killing import KILLED, run_until
from tests.support.terminal import ROOT, contents_of
from xltool.core.saving.drafts import kind_of
from xltool.core.saving.mark import begins_with, is_marked
from xltool.documents.datafile import is_document

Work = Callable[[Path], object]
Complete = Callable[[Path], bool]
_EDITION = "2021-national"


@dataclass(frozen=True)
class Scenario:
    """A command in a folder of work. `outputs`: what it writes, and how one is known to be whole."""

    name: str
    work: Work
    outputs: dict[str, Complete]
    again: Work | None = None
    """The command once more after a kill; None: the same."""
    before: Work | None = None
    """What was done in the folder earlier: its outputs are there."""

    def __str__(self) -> str:
        return self.name


def command(*args: str) -> Work:
    """A command line, in the folder. The pages of a disclosure are not counted: LibreOffice would do that."""

    def work(folder: Path) -> int:
        import xltool.narrative.disclosure.pdf as printing
        from xltool.cli.app import cli

        printing.number_pages = lambda made: False  # type: ignore[assignment]
        os.chdir(folder)
        code = cli.main(list(args), standalone_mode=False, prog_name="xltool")
        return code if isinstance(code, int) else 0

    return work


def in_this_process(work: Work) -> Work:
    """A command that would start workers, without them."""

    def quiet(folder: Path) -> object:
        with without_workers():
            return work(folder)

    return quiet


def room(folder: Path) -> None:
    """What every scenario finds: data, books, a folder of submissions, files of the user's."""
    from tests.reporting.books import SGB, filled
    from tests.reporting.marked import slipped, slipped_and_marked

    folder.mkdir(parents=True)
    shutil.copy(ROOT / "samples" / "beiguan-2021.json", folder / "数据.json")
    (folder / "甲.xlsx").write_bytes(slipped())
    (folder / "标注过.xlsx").write_bytes(slipped_and_marked())
    (folder / "报送").mkdir()
    (folder / "报送" / "甲.xlsx").write_bytes(slipped())
    (folder / "报送" / "乙.xlsx").write_bytes(filled(SGB))
    (folder / "用户的").mkdir()
    (folder / "用户的" / "笔记.txt").write_text("用户的", encoding="utf-8")
    two = (folder / "数据.json").read_text(encoding="utf-8")
    tables = '"表": {"项目支出绩效自评表": [{"项目名称": "某项目"}], '
    (folder / "两份.json").write_text(two.replace('"表": {', tables, 1), encoding="utf-8")


def _watch(folder: Path) -> None:
    from xltool.checks import validate
    from xltool.watch import Watcher

    watcher = Watcher(folder / "报送", validate)
    for _ in range(3):
        list(watcher.step())


def _watched_and_saved(folder: Path) -> None:
    """The books were saved once more since they were looked at."""
    _watch(folder)
    later = time.time() + 60
    for name in ("甲.xlsx", "乙.xlsx"):
        os.utime(folder / "报送" / name, (later, later))


def _export(name: str) -> Work:
    def work(folder: Path) -> None:
        from xltool.addin.exporting import export_file

        export_file(folder / "甲.xlsx", folder / name)

    return work


def _wps(folder: Path) -> None:
    from xltool.wps import install

    install(folder / "jsaddons")


def _is_report(path: Path) -> bool:
    from xltool.reporting.html import is_report

    return is_report(path) and path.read_bytes().rstrip().endswith(b"</html>")


def _is_output(path: Path) -> bool:
    from xltool.batch.replaceable import is_output

    return is_output(path)


def _is_review(path: Path) -> bool:
    from xltool.review.outputs import is_review

    return is_review(path)


def _is_exported(path: Path) -> bool:
    from xltool.season.exported import is_exported

    return is_exported(path)


def _is_folder(path: Path) -> bool:
    """A folder that is put there whole; what is in it is compared by name after the next run."""
    return path.is_dir() and any(path.iterdir())


def _is_addin(path: Path) -> bool:
    return (path / "ribbon.xml").is_file() and (path / "settings.js").is_file()


def _forced(scenario: Scenario, *args: str) -> Scenario:
    """The same where its output is there already."""
    work = command(*args, "--force")
    return replace(
        scenario, name=f"{scenario.name}，已有", work=work, again=work, before=scenario.work
    )


def _written() -> Iterator[Scenario]:
    """Commands that write one file, or a few."""
    from xltool.documents.schema import is_schema
    from xltool.reporting import json
    from xltool.reporting.text import terminal

    simple: tuple[tuple[str, tuple[str, ...], dict[str, Complete]], ...] = (
        ("fill", ("fill", "数据.json", "-o", "新.xlsx"), {"新.xlsx": is_marked}),
        (
            "fill 两份",
            ("fill", "两份.json", "-o", "新.xlsx"),
            {"新.xlsx": is_marked, "新-项目支出绩效自评表.xlsx": is_marked},
        ),
        ("read", ("read", "甲.xlsx", "-o", "新.json"), {"新.json": is_document}),
        ("schema", ("schema", "-o", "新.json"), {"新.json": is_schema}),
        ("validate", ("validate", "甲.xlsx", "-o", "新.txt"), {"新.txt": terminal.is_report}),
        (
            "validate json",
            ("validate", "甲.xlsx", "--format", "json", "-o", "新.json"),
            {"新.json": json.is_report},
        ),
        (
            "validate html",
            ("validate", "甲.xlsx", "--format", "html", "-o", "新.html"),
            {"新.html": _is_report},
        ),
        ("annotate", ("validate", "甲.xlsx", "--annotate", "新.xlsx"), {"新.xlsx": is_marked}),
        ("clean", ("clean", "标注过.xlsx", "-o", "新.xlsx"), {"新.xlsx": is_marked}),
        ("checks-sheet", ("checks-sheet", "甲.xlsx", "-o", "新.xlsx"), {"新.xlsx": is_marked}),
        (
            "sum",
            ("sum", "报送/乙.xlsx", "-o", "新.xlsx", "-o", "新.json"),
            {"新.xlsx": is_marked, "新.json": is_document},
        ),
        ("mapping show", ("mapping", "show", _EDITION, "-o", "新.xlsx"), {"新.xlsx": is_marked}),
        ("addin build", ("addin", "build", "-o", "新.xlam"), {"新.xlam": is_marked}),
        (
            "narrative write",
            ("narrative", "write", "甲.xlsx", "-o", "新.docx"),
            {"新.docx": is_marked},
        ),
        (
            "disclosure write",
            ("disclosure", "write", "甲.xlsx", "-o", "新.docx"),
            {"新.docx": is_marked},
        ),
        (
            "demo",
            ("demo", "演示"),
            {
                "演示/决算.xlsx": is_marked,
                "演示/读回.json": is_document,
                "演示/录错.xlsx": is_marked,
                "演示/录错-报告.html": _is_report,
                "演示/录错-标注.xlsx": is_marked,
            },
        ),
    )
    for name, args, outputs in simple:
        first = Scenario(name, command(*args), outputs, command(*args, "--force"))
        yield first
        yield _forced(first, *args)


def _entered() -> Iterator[Scenario]:
    """Commands on the way from figures to what is handed in."""
    from xltool.documents.longtable import is_long_table
    from xltool.entry.finish import is_receipt

    change = "收入支出决算总表.收入.经营收入=1"
    simple: tuple[tuple[str, tuple[str, ...], dict[str, Complete]], ...] = (
        ("set", ("set", "甲.xlsx", "-o", "新.xlsx", change), {"新.xlsx": is_marked}),
        (
            "finish",
            ("finish", "报送/乙.xlsx", "-o", "新.xlsx"),
            {"新.xlsx": is_marked, "新.回执.json": is_receipt},
        ),
        (
            "new 表样",
            ("new", "-e", _EDITION, "-o", "新.xlsx"),
            {"新.xlsx": is_marked, "新-项目支出绩效自评表.xlsx": is_marked},
        ),
        (
            "new 填数表",
            ("new", "-e", _EDITION, "--kind", "填数表", "-o", "新.xlsx"),
            {"新.xlsx": is_marked},
        ),
        ("new 长表", ("new", "-e", _EDITION, "-o", "新.csv"), {"新.csv": is_long_table}),
    )
    for name, args, outputs in simple:
        first = Scenario(name, command(*args), outputs, command(*args, "--force"))
        yield first
        yield _forced(first, *args)


def _folders() -> Iterator[Scenario]:
    """Commands that make a new folder, and never replace one."""
    lines = {
        "mapping init": ("mapping", "init", "甲.xlsx", "-o", "新", "--id", "试"),
        "mapping copy": ("mapping", "copy", _EDITION, "-o", "新", "--id", "试"),
        "samples": ("samples", "-o", "新"),
        "docs": ("docs", "-o", "新"),
    }
    for name, args in lines.items():
        yield Scenario(name, command(*args), {"新": _is_folder}, _unless_there(command(*args)))
    review = in_this_process(command("review", "报送", "-o", "审核", "--jobs", "1"))
    letters = command("letters", "审核", "-o", "新")
    yield Scenario("letters", letters, {"新": _is_folder}, _unless_there(letters), review)


def _unless_there(work: Work) -> Work:
    """The work, when the new folder is not there yet; else what every command that writes beside it does first."""

    def again(folder: Path) -> object:
        from xltool.core.saving.swap import tidy

        return tidy(folder) if (folder / "新").exists() else work(folder)

    return again


def _seasons() -> Iterator[Scenario]:
    """What is made of a season."""
    line = ("review", "报送", "-o", "审核", "--season", "季", "--jobs", "1")
    review = in_this_process(command(*line))
    for kind in ("sqlite", "duckdb", "parquet"):
        export = ("season", "export", "季", "-o", "新", "--to", kind)
        again = command(*export, "--force")
        name = f"season export {kind}"
        yield Scenario(name, command(*export), {"新": _is_exported}, again, review)


def _batches() -> Iterator[Scenario]:
    """Conversions into every sink, and a review."""
    kinds = ("csv", "json", "jsonl", "parquet", "duckdb", "sqlite", "xlsx")
    lines: list[tuple[str, tuple[str, ...], Complete]] = [
        (
            f"convert {kind}",
            ("convert", "报送", "-o", "新", "--to", kind, "--jobs", "1"),
            _is_output,
        )
        for kind in kinds
    ]
    review = ("review", "报送", "-o", "新", "--annotate", "--all-reports", "--jobs", "1")
    lines.append(("review", review, _is_review))
    for name, args, complete in lines:
        work = in_this_process(command(*args))
        more = in_this_process(command(*args, "--resume", "--force"))
        first = Scenario(name, work, {"新": complete}, more)
        yield first
        forced = in_this_process(command(*args, "--force"))
        yield replace(first, name=f"{name}，已有", work=forced, before=work)


def _doors() -> Iterator[Scenario]:
    """The other doors."""
    beside = {
        f"报送/{name}": _is_report if name.endswith("html") else is_marked
        for name in ("甲.标注.xlsx", "甲.报告.html", "乙.标注.xlsx", "乙.报告.html")
    }
    yield Scenario("watch", _watch, beside)
    yield Scenario("watch，已有", _watch, beside, before=_watched_and_saved)
    for name, complete in (("新.json", is_document), ("新.xlsx", is_marked)):
        yield Scenario(f"导出 {name}", _export(name), {name: complete})
        yield Scenario(f"导出 {name}，已有", _export(name), {name: complete}, before=_export(name))
    install = command("addin", "install", "--folder", "XLSTART")
    addin = {"XLSTART/xltool.xlam": is_marked}
    yield Scenario("addin install", install, addin)
    yield Scenario("addin install，已有", install, addin, before=install)
    from xltool import __version__

    folder: dict[str, Complete] = {
        f"jsaddons/xltool_{__version__}": _is_addin,
        "jsaddons/publish.xml": partial(begins_with, words="xltool"),
    }
    yield Scenario("wps install", _wps, folder)
    yield Scenario("wps install，已有", _wps, folder, before=_wps)


def scenarios() -> list[Scenario]:
    """All of them."""
    return [*_written(), *_entered(), *_batches(), *_folders(), *_seasons(), *_doors()]


def _outside(tree: dict[str, bytes | None], scenario: Scenario) -> dict[str, bytes | None]:
    """Of a tree what is the user's: neither outputs nor what stands in or above them, nor work in progress."""
    mine = (*scenario.outputs, *(f"{name}.part" for name in scenario.outputs))
    above = {p.as_posix() for name in scenario.outputs for p in Path(name).parents}
    return {
        name: content
        for name, content in tree.items()
        if name not in above
        and not any(name == own or name.startswith(f"{own}/") for own in mine)
        and not any(kind_of(part) for part in Path(name).parts)
    }


def try_scenario(
    scenario: Scenario, parent: Path, *, first: int = 1, every: int = 1
) -> tuple[int, list[str]]:
    """Kill it at its events, one after the other; each time look, run it again and look once more.

    The number of kills, and what was wrong.
    """
    base = parent / "base"
    room(base)
    if scenario.before is not None:
        _undisturbed(scenario.before, base)
    before = contents_of(base)
    _warmed(scenario.work, _copy(base, parent / "warm"))
    whole = _copy(base, parent / "whole")
    _undisturbed(scenario.work, whole)
    names = contents_of(whole).keys()
    kills, faults, step = 0, [], first
    while True:
        folder = _copy(base, parent / str(step))
        if run_until(step, partial(scenario.work, folder), folder) != KILLED:
            return kills, faults
        kills += 1
        found = list(_between(scenario, before, folder))
        _undisturbed(scenario.again or scenario.work, folder)
        found += _after(scenario, before, folder, names)
        faults += [f"{scenario.name}, event {step}: {fault}" for fault in found]
        shutil.rmtree(folder)
        step += every


def _warmed(work: Work, folder: Path) -> None:
    """Do the work in this process, so that the forks find in memory what it had to load."""
    here = Path.cwd()
    try:
        with (
            Path(os.devnull).open("w", encoding="utf-8") as nowhere,
            redirect_stdout(nowhere),
            redirect_stderr(nowhere),
        ):
            work(folder)
    finally:
        os.chdir(here)


def _copy(base: Path, folder: Path) -> Path:
    shutil.copytree(base, folder)
    return folder


def _undisturbed(work: Work, folder: Path) -> None:
    code = run_until(0, partial(work, folder))
    if code not in (0, 1):
        raise AssertionError(f"ended with {code} when nobody disturbed it: {folder}")


def _between(scenario: Scenario, before: dict[str, bytes | None], folder: Path) -> Iterator[str]:
    """What is wrong after a kill: a file of the user's, or an output that is not whole or not there any more."""
    now = contents_of(folder)
    if _outside(now, scenario) != _outside(before, scenario):
        yield "a file of the user's is not as it was"
    for name, complete in scenario.outputs.items():
        path = folder / name
        if path.exists():
            if not complete(path):
                yield f"{name} is not whole"
        elif name in before and not any(
            kind_of(other.name) == "old" and complete(other) for other in path.parent.iterdir()
        ):
            yield f"{name} is gone"


def _after(
    scenario: Scenario, before: dict[str, bytes | None], folder: Path, names: Set[str]
) -> Iterator[str]:
    """What is wrong after the next run."""
    now = contents_of(folder)
    if _outside(now, scenario) != _outside(before, scenario):
        yield "a file of the user's is not as it was, after the next run"
    if now.keys() != names:
        yield f"after the next run: {sorted(now.keys() ^ names)}"
    for name, complete in scenario.outputs.items():
        if not (folder / name).exists() or not complete(folder / name):
            yield f"{name} is not whole after the next run"
