"""`xltool fill`: a data document or a long table -> the official workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xltool.cli.again import typed_again
from xltool.cli.options import (
    FILE,
    as_typed,
    edition_files,
    edition_option,
    force_option,
    note,
    of_edition,
    output_option,
)
from xltool.cli.terminal import can_be_asked
from xltool.core.model import CODE, Report
from xltool.core.places import FieldPlace, Place, instance_name, places
from xltool.core.problems import InputError, Problem, raise_if
from xltool.editions import Edition
from xltool.entry.given import broken_fen, given, with_figures
from xltool.filling import Filled, Finish, fill
from xltool.filling.totals import Mode
from xltool.ooxml import Editor

if TYPE_CHECKING:
    from xltool.entry.derive import Derived

FINDINGS = 1
AT_A_DOOR = object()
"""What the context holds where a file was dropped on an icon: nobody can type a command there."""


@click.command(help="按数据文档（JSON、YAML）、长表（CSV、XLSX）或填数表（XLSX）填报官方工作簿。")
@click.argument("data", type=FILE, metavar="数据")
@output_option("写到哪个工作簿", required=True)
@edition_option
@click.option(
    "--template", type=FILE, metavar="文件", help="填在这份空白工作簿上（默认用版本自带的表样）"
)
@click.option(
    "--totals",
    type=click.Choice(["formula", "given"]),
    default="formula",
    show_default=True,
    help="合计与文档不一致时：formula 报出来不写；given 照文档写",
)
@click.option(
    "--live-checks", is_flag=True, help="加一张审核表：勾稽规则写成公式，在 Excel、WPS 里随填随算"
)
@click.option("--derive", is_flag=True, help="表间关系决定得了的数不用填：推算出来，逐个列出依据")
@click.option(
    "--assume",
    multiple=True,
    metavar="前提",
    help="推算时的前提，可多次：没有结转、年初没有结转、只有一般公共预算、没有填的是零、支出都是一般公共预算、支出都是财政拨款、社保公积金按科目",
)
@click.option("--set", "settings", multiple=True, metavar="地址=数", help="另填一个数，可多次")
@click.option("--keep-fractions", is_flag=True, help="有不到一分的零头的金额照写（默认要问）")
@click.option("--check", is_flag=True, help="填好后校验不是合格的，退出码为 1")
@force_option
def command(
    data: Path,
    output: Path,
    edition: str | None,
    template: Path | None,
    totals: str,
    live_checks: bool,
    force: bool,
    **options: Any,
) -> int:
    """Fill, say what was written, and end with the verdict."""
    own = template is not None
    got = given(data, edition, _hint, any_table=own)
    if not options["keep_fractions"]:
        _ask(broken_fen(got.report, got.edition))
    found, assume = got.edition, (*got.assume, *options["assume"])
    report = with_figures(got.report, found, options["settings"])
    derived: Derived | None = None
    if got.derive or options["derive"] or assume:
        derived = _derived(report, found, assume, strict=totals == "formula")
    missing = partial(_tell_missing, derived, report, found, assume, _again())
    mode: Mode = "given" if totals == "given" else "formula"
    try:
        filled = fill(
            derived.report if derived is not None else report,
            found,
            output,
            template=template,
            totals=mode,
            force=force,
            finish=_with_checks(found, always=live_checks),
            tell=_hint,
            inputs=[data, *edition_files(edition)],
        )
    except InputError as error:
        if missing() and _only_derived(error, report):
            raise InputError(_incomplete(data)) from error
        raise
    _tell(filled, _account(derived) if derived is not None else [])
    read_by = zip(filled.files, filled.editions, strict=True)
    verdicts = [_verdict(path, read) for path, read in read_by]
    _say_next(filled, verdicts, edition, missing)
    return FINDINGS if options["check"] and set(verdicts) != {"合格"} else 0


def _say_next(
    filled: Filled, verdicts: Sequence[str], edition: str | None, missing: Callable[[], bool]
) -> None:
    """Say which commands come next, and what keeps a workbook from being 合格."""
    # of a form that was read by its words the edition that was asked for would say something else
    asked = [edition if read is not None else None for read in filled.editions]
    for path, verdict, its_edition in zip(filled.files, verdicts, asked, strict=True):
        _next(path, verdict, its_edition)
    if set(verdicts) == {"合格"} or missing() or _at_a_door():
        return
    if set(verdicts) == {"未完成审核"} and _passes_as_it_is(filled.files[0], asked[0]):
        _as_it_is(filled.files[0], asked[0])


def _next(path: Path, verdict: str, edition: str | None) -> None:
    """Say which command comes next for a filled workbook."""
    if verdict == "合格":
        _note_next(f"接着：{_finish(path, edition)}")
    else:
        command = as_typed("xltool", "validate", path, *of_edition(edition))
        _note_next(f"哪里要改：{command}")


def _passes_as_it_is(path: Path, edition: str | None) -> bool:
    """Whether nothing but blank forms, which a copy to hand in goes without, keeps a workbook from being 合格."""
    from xltool.entry.finish import finish

    return finish(path, edition).validation.verdict == "合格"


def _as_it_is(path: Path, edition: str | None) -> None:
    """Say what comes next where forms that need not be handed in are blank, and nothing else is wanting."""
    told = "只是空着的自评表、附表没有填，不随决算报送的，接着："
    _note_next(f"{told}{_finish(path, edition)}")


def _note_next(text: str) -> None:
    """Say which command comes next, where commands can be typed."""
    if not _at_a_door():
        note(text)


def _at_a_door() -> bool:
    return click.get_current_context().obj is AT_A_DOOR


def _finish(path: Path, edition: str | None) -> str:
    return as_typed("xltool", "finish", path, *of_edition(edition), "-o", "上报稿.xlsx")


def _again() -> str:
    """The command to fill once more, as it was given; "" where none can be typed."""
    if _at_a_door():
        return ""
    given = click.get_current_context().params
    said = ("xltool", "fill", given["data"], "-o", given["output"], "--force")
    return typed_again(*said, without=("output", "force"))


def _tell_missing(
    derived: Derived | None,
    report: Report,
    edition: Edition,
    assume: tuple[str, ...],
    again: str,
) -> bool:
    """Say which figures have to be known before the others can be derived; whether there are any."""
    from xltool.entry.wanting import told

    lines = told(derived, report, edition, assume, again).lines if derived is not None else []
    for line in lines:
        note(line)
    return bool(lines)


def _only_derived(error: InputError, report: Report) -> bool:
    """Whether all that was refused are totals that nobody gave: they were derived, and their parts could not be."""
    stated = {where for place, _ in places(report) for where in _named(place, report)}
    return all(p.code == "total-differs" and p.where not in stated for p in error.problems)


def _named(place: Place, report: Report) -> Iterator[str]:
    """What filling calls a place: of a row with one figure no column is named."""
    table = f"表 › {instance_name(place.table, place.instance)}"
    if isinstance(place, FieldPlace):
        yield " › ".join((table, *place.path))
    else:
        code = place.row_in(report).get(CODE, f"第{place.row + 1}行")
        row = f"{table} › {place.list} › {code}"
        yield from (row, f"{row} › {place.column}")


def _incomplete(data: Path) -> Problem:
    told, hint = "明细不全，加不到推算出的合计，没有写", "照上面的补上再填"
    return Problem(str(data), told, hint, code="missing-value")


def _with_checks(edition: Edition, *, always: bool) -> Finish:
    """What adds a 审核表 to a filled workbook: `always`, or where its template had one."""

    def finish(editor: Editor, had_checks: bool) -> None:
        if always or had_checks:
            from xltool.livechecks import add_checks_sheet

            add_checks_sheet(editor, edition=edition)

    return finish


def _tell(filled: Filled, account: Sequence[str]) -> None:
    """What was written, and what the workbooks hold beside what was given."""
    for text in (*account, *(f"补上：{text}" for text in filled.supplied)):
        note(text)
    if filled.blank:
        note(f"没有填的表：{'、'.join(filled.blank)}（确实没有数的，表名写进数据文档的“无数据”）")
    for path in filled.files:
        click.echo(f"已填报：{path}")


def _hint(text: str) -> None:
    note(f"提示：{text}")


def _ask(fractions: list[Problem]) -> None:
    """Ask about figures that may be slips; where nobody can be asked they are refused. Raises `InputError`."""
    if not fractions:
        return
    if not can_be_asked():
        raise InputError(fractions)
    for problem in fractions:
        note(f"{problem.where}：{problem.message}")
    if not click.confirm("照写吗", default=False):
        raise click.Abort


def _derived(report: Report, edition: Edition, assume: tuple[str, ...], *, strict: bool) -> Derived:
    """The report with what follows from it: what is refused ends with its errors alone.

    Raises `InputError` where given figures contradict.
    """
    from xltool.entry.derive import derive

    derived = derive(report, edition, assume)
    if strict:
        raise_if(derived.contradictions)
    return derived


def _account(derived: Derived) -> list[str]:
    from xltool.entry.derive import told

    return [*told(derived), f"推算了{len(derived.steps)}个数"]


def _verdict(path: Path, edition: Edition | None) -> str:
    """Say in one line what a check of the filled workbook says."""
    from xltool.checks import validate
    from xltool.checks.magnitude import unlikely_amounts
    from xltool.reporting.summary import summary

    try:
        validation = validate(path, edition)
    except InputError as error:
        # the workbook stands; what keeps it from being checked (rules that fit no code list) is no fault of it
        for problem in error.problems:
            note(f"没有校验：{problem}")
        return "没有校验"
    note(f"校验：{validation.verdict}（{summary(validation)}）")
    for text in unlikely_amounts(validation):
        _hint(text)
    return validation.verdict
