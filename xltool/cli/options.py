"""Options and outputs that several commands share."""

from __future__ import annotations

import codecs
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from xltool.core.printable import escaped
from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.suffixes import WORKBOOKS

FILE = click.Path(path_type=Path)
_SHELL = frozenset(" ()&;'<>|*^#%")
"""Signs in the names of files that cmd.exe or bash read otherwise outside quotation marks."""


class Seconds(click.FloatRange):
    """A time between two bounds. Click takes nan for a number in every range."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number of seconds."""
        found = float(super().convert(value, param, ctx))
        if not math.isfinite(found):
            self.fail("not a number", param, ctx)
        return found


season_argument = click.argument("season", type=FILE, metavar="审核季")
edition_option = click.option(
    "-e", "--edition", metavar="版本", help="版本，如 2023-national；或自定版本的文件夹"
)
force_option = click.option(
    "--force", is_flag=True, help="覆盖已有的输出：只限 xltool 写的、写好以后没有改过的"
)


def check_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """What every command that checks workbooks may be told about them."""
    return _check_options(function, "工作簿", "上年的工作簿或数据文档")


def batch_check_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """As `check_options`, for commands that check the books of many units."""
    return _check_options(function, "路径", "上年的工作簿，或装着各单位上年工作簿的文件夹")


def _check_options(function: Callable[..., Any], prior: str, prior_help: str) -> Callable[..., Any]:
    for option in (
        click.option(
            "--external-unit",
            type=click.Choice(["元", "万元"]),
            help="外部表的金额单位，用于表上没有写的",
        ),
        click.option(
            "--external",
            multiple=True,
            type=FILE,
            metavar="文件",
            help="规则要用的外部表（xlsx、xls、csv，每个单位一行），规则里写 外部.文件名.栏目，可多次",
        ),
        click.option(
            "--unit-type",
            metavar="类型或清单",
            help="表上没有印的单位类型，如 行政单位；或有“单位类型”一栏的单位清单（xlsx、xls、csv）",
        ),
        click.option(
            "--explanations",
            type=FILE,
            metavar="文件",
            help="说明：json、csv，或填了说明的标注本",
        ),
        click.option("--prior", type=FILE, metavar=prior, help=prior_help),
        click.option(
            "--rules", multiple=True, type=FILE, metavar="文件", help="另加的规则文件，可多次"
        ),
    ):
        function = option(function)
    return function


def output_option(help_text: str, *, required: bool = False) -> Callable[[Any], Any]:
    """`-o FILE`."""
    return click.option(
        "-o", "--output", type=FILE, metavar="文件", required=required, help=help_text
    )


FORMS = {".json": "json", ".html": "html", ".htm": "html"}
"""The form of a report by the suffix of its file; text for any other."""


_OTHERS = frozenset((*WORKBOOKS, ".docx", ".doc", ".wps", ".pdf", ".csv"))
"""What a report cannot be: its suffix promises another program."""


def form_option(*forms: str) -> Callable[[Any], Any]:
    """`--format`: the form of a report; left out, the suffix of the output decides (see `form_of`)."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(forms),
        help="报告的形式（默认看 -o 的后缀：.html、.json，其余是文字）",
    )


def form_of(form: str | None, output: Path | None) -> str:
    """The form of a report that goes to `output`. Raises `InputError` for a suffix that promises another program."""
    suffix = output.suffix.lower() if output is not None else ""
    if suffix in _OTHERS:
        hint = "报告写成 .html、.json 或 .txt；要在表上看，用 --annotate"
        raise InputError(Problem(str(output), f"报告写不成 {suffix}", hint, code="bad-option"))
    return form or (FORMS.get(output.suffix.lower(), "text") if output is not None else "text")


def check_document_name(output: Path | None) -> None:
    """Refuse a suffix that a data document would belie. Raises `InputError`."""
    suffix = output.suffix.lower() if output is not None else ""
    if suffix in (_OTHERS | {".tsv", ".html", ".htm"}):
        hint = "后缀用 .json；要表格、数据库，用 xltool convert"
        raise InputError(Problem(str(output), f"数据文档写不成 {suffix}", hint, code="bad-option"))


def note(text: str) -> None:
    """A line for the clerk that is not the result: goes to stderr."""
    click.echo(text, err=True)


def as_typed(*words: object) -> str:
    """A command to copy: words with signs that a shell reads otherwise stand in quotation marks."""
    return " ".join(f'"{word}"' if _SHELL.intersection(str(word)) else str(word) for word in words)


def of_edition(edition: str | None) -> tuple[str, ...]:
    """The words of a command that name the edition as it was named."""
    return ("-e", edition) if edition else ()


def _json_escape(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    units = error.object[error.start : error.end].encode("utf-16-be")
    pairs = (units[i : i + 2].hex() for i in range(0, len(units), 2))
    return "".join(f"\\u{pair}" for pair in pairs), error.end


codecs.register_error("xltool.json", _json_escape)


def put_json(text: str, output: Path | None, *, force: bool) -> None:
    """Write JSON to a file, or to stdout with escapes for what its encoding does not have."""
    if output is None:
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(escaped(text).encode(encoding, "xltool.json").decode(encoding))
        return
    from xltool.core.saving.files import write_text

    write_text(output, text, force=force)


def put_bytes(path: Path, data: bytes, *, force: bool) -> None:
    """Write an output whole or not at all; an archive is marked as this tool's. Raises `InputError`."""
    from xltool.core.saving.mark import marked
    from xltool.ooxml import WorkbookError
    from xltool.ooxml.edit.save import write_file
    from xltool.ooxml.package.errors import workbook_problem

    try:
        write_file(path, [marked(data)], overwrite=force)
    except WorkbookError as error:
        raise InputError(workbook_problem(error, str(path))) from error


def holds(data: bytes) -> Callable[[Path], bool]:
    """Tells a file that holds just this."""

    def same(path: Path) -> bool:
        try:
            return path.read_bytes() == data
        except OSError:
            return False

    return same


def make_folder(path: Path) -> None:
    """Make a folder unless it is there. Raises `InputError`."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            Problem(str(path), f"建不了文件夹：{system_reason(error)}", code="unwritable")
        ) from error


def copy_folder(source: Path, target: Path) -> None:
    """Copy a folder of the tool's own to a new place, whole or not at all. Raises `InputError`."""
    import shutil

    from xltool.core.saving.drafts import place
    from xltool.core.saving.swap import draft_folder

    if target.exists():
        hint = "换个文件夹名，或先把它移走"
        raise InputError(Problem(str(target), "已经有了，没有覆盖", hint, code="exists"))
    try:
        with draft_folder(target.absolute().parent) as draft:
            shutil.copytree(source, draft / target.name)
            place(draft / target.name, target, overwrite=False)
    except OSError as error:
        reason = system_reason(error)
        raise InputError(Problem(str(target), f"写不了：{reason}", code="unwritable")) from error


def edition_files(edition: str | None) -> list[Path]:
    """The files of an edition that is named by its folder: inputs, all of them."""
    folder = Path(edition) if edition else None
    return [*folder.rglob("*")] if folder is not None and folder.is_dir() else []


def named(output: Path) -> Path:
    """An output by its name, also when it was written `.` or `..`. Raises `InputError` for a whole drive."""
    if output.name in ("", ".."):
        output = Path(os.path.realpath(output))
    if not output.name:
        raise InputError(
            Problem(str(output), "整个磁盘不能当作输出", "写一个新文件夹的名字", code="bad-target")
        )
    return output
