"""`xltool import`: ordinary spreadsheets -> a data document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xltool.cli.again import typed_again
from xltool.cli.importtalk import agreed, keep_mapping
from xltool.cli.options import (
    FILE,
    as_typed,
    check_document_name,
    edition_files,
    edition_option,
    force_option,
    note,
    put_bytes,
)
from xltool.core.problems import InputError
from xltool.core.saving.guard import check_outputs
from xltool.core.saving.mark import is_marked
from xltool.documents.datafile import dumps, is_document

if TYPE_CHECKING:
    from xltool.entry.importing.assemble import Imported
    from xltool.entry.importing.session import Session

_ASKED = frozenset(("contradiction", "missing-value", "unknown-name"))
"""Problems that are questions, which an answer may settle."""
_OUTPUTS = ("output", "trace", "force", "save_mapping")


@click.command(
    "import",
    help="把普通表格（XLSX、XLS、CSV：科目清单、收入清单、余额表、明细账）变成数据文档。",
)
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="文件…")
@click.option(
    "-o",
    "--output",
    type=FILE,
    required=True,
    metavar="文件",
    help="写到哪个文件：.json 数据文档，.xlsx 填数表",
)
@edition_option
@click.option("--unit-name", metavar="名称", help="单位名称（文件里没有写时）")
@click.option("--year", metavar="年度", help="年度（文件里没有写时）")
@click.option("--unit", type=click.Choice(["元", "万元"]), help="金额单位（文件里没有写时）")
@click.option(
    "--mapping", type=FILE, metavar="文件", help="导入映射（YAML）：本单位表格的列名、行名是什么"
)
@click.option("--set", "settings", multiple=True, metavar="地址=数", help="另填一个数，可多次")
@click.option("--table", type=FILE, metavar="文件", help="另填的数写成 CSV：地址,数，一行一个")
@click.option("--trace", type=FILE, metavar="文件", help="另写一个工作簿：每个数从哪几格来，带链接")
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="回答",
    help="事先写好的回答，与在终端上答的一样，可多次：E=不要、隐藏的=不算",
)
@click.option("--add-sheets", is_flag=True, help="几张表、几个文件是各月、各股室的，数要相加")
@click.option(
    "--final",
    is_flag=True,
    help="标题、文件名像预算、半年、一个月的表，其实就是全年的决算数",
)
@click.option(
    "--save-mapping",
    type=FILE,
    metavar="文件",
    help="确认了的导入映射存到哪里；默认是输出旁边的 导入映射.yaml，下次自己找到",
)
@click.option("--yes", is_flag=True, help="不用确认")
@force_option
def command(files: tuple[Path, ...], output: Path, force: bool, **options: Any) -> None:
    """Show how the files were read; write the document when that is confirmed."""
    from xltool.entry.importing.assemble import entry_sheet
    from xltool.entry.importing.session import kept_mapping
    from xltool.entry.importing.trace import trace

    sheet, as_sheet = options["trace"], output.suffix.lower() == ".xlsx"
    mapping = options["mapping"] or kept_mapping(files[0].parent, output.parent)
    given = [path for path in (mapping, options["table"]) if path is not None]
    inputs = [*files, *given, *edition_files(options["edition"])]
    if not as_sheet:
        check_document_name(output)
    made = is_marked if as_sheet else is_document
    check_outputs([output], inputs, force=force, made=made)
    check_outputs([sheet] if sheet else [], inputs, force=force, made=is_marked)
    session = _session(files, mapping, options)
    before = session.own
    imported = _agreed(session, output, yes=options["yes"])
    if sheet is not None:
        put_bytes(sheet, trace(imported), force=force)
    data = entry_sheet(imported) if as_sheet else dumps(imported.raw).encode()
    put_bytes(output, data, force=force)
    click.echo(f"已写：{output}")
    keep_mapping(session.agreed(imported), before, mapping, options["save_mapping"], output.parent)
    if as_sheet:
        note("打开填数表，补上来源里没有的数，选好前提，保存")
    _next(files, output, imported, as_sheet=as_sheet)


def _session(files: tuple[Path, ...], mapping: Path | None, options: dict[str, Any]) -> Session:
    """The import with all that the command says of it; a mapping that was found by itself is told."""
    from xltool.entry.change import read_changes
    from xltool.entry.importing.session import Session
    from xltool.entry.importing.vocabulary import read_mapping

    table = options["table"]
    session = Session(
        files,
        options["edition"],
        _stated(options),
        read_mapping(mapping) if mapping else {},
        [*options["settings"], *(read_changes(table) if table else ())],
        options["add_sheets"],
    )
    if mapping and not options["mapping"]:
        note(f"照上次确认的导入映射读：{mapping}")
    for text in options["answers"]:
        session.correct(text)
    return session


def _agreed(session: Session, output: Path, *, yes: bool) -> Imported:
    """What the files give, agreed to. Raises `InputError`, after the command that answers."""
    try:
        return agreed(session, yes=yes)
    except InputError as error:
        codes = {problem.code for problem in error.problems}
        again = typed_again("xltool", "import", *session.files, "-o", output, without=("output",))
        if codes & _ASKED:
            note(f"回答写在命令里，可多次：{again} --answer 回答")
        elif codes == {"bad-option"}:
            note(f"核对无误：{again} --yes")
        raise


def _next(files: tuple[Path, ...], output: Path, imported: Imported, *, as_sheet: bool) -> None:
    """Say the command that fills, with what has to be said for it: assumptions, figures that no source has."""
    from xltool.documents.load import from_raw
    from xltool.entry.derive import derive
    from xltool.entry.wanting import Told, told

    more = () if as_sheet else ("--derive",)
    fill = as_typed("xltool", "fill", output, "-o", "报表.xlsx", *more)
    said = Told([], named=False)
    if not as_sheet:
        report, edition = from_raw(imported.raw, imported.edition)
        said = told(derive(report, edition), report, edition, (), fill)
    for line in said.lines:
        note(line)
    if said.economic:
        sheet = typed_again("xltool", "import", *files, "-o", "填数.xlsx", without=_OUTPUTS)
        note(f"经济分类的科目多的，不写在命令里，做成填数表填：{sheet}")
    if not said.named:
        note(f"接着：{fill}")


def _stated(options: dict[str, Any]) -> dict[str, str]:
    """The heads that the command gives."""
    from xltool.entry.importing.questions.answers import FINAL, WHOLE_YEAR

    names = {"单位名称": "unit_name", "年度": "year", "金额单位": "unit"}
    stated = {name: options[option] for name, option in names.items() if options[option]}
    return stated | ({FINAL: WHOLE_YEAR} if options["final"] else {})
