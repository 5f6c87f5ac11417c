"""What the buttons do, for any host."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from xltool import checks
from xltool.addin.hosts.contract import Host, Kind, MarkResult
from xltool.addin.hosts.samefigures import differences
from xltool.addin.nextproblem import next_problem
from xltool.checks import Validation
from xltool.checks.magnitude import unlikely_amounts
from xltool.core.cellref import CellRef
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.saving.guard import check_outputs
from xltool.core.saving.mark import marked
from xltool.documents.datafile import is_document
from xltool.documents.load import load
from xltool.editions import Edition
from xltool.filling import Filled, NotBlank, OtherForm, fill
from xltool.filling.totals import Mode
from xltool.ooxml import Editor, WorkbookError, open_workbook
from xltool.ooxml.edit.save import write_file
from xltool.ooxml.edit.signatures import UNSIGNED
from xltool.ooxml.package.errors import workbook_problem
from xltool.reading import examine
from xltool.reporting.summary import headline, summary
from xltool.reporting.workbook.annotate import annotate, is_replaceable, take_off

DATA = (
    Kind("数据文档、长表", (".json", ".yaml", ".yml", ".csv", ".xlsx")),
    Kind("所有文件", (".*",)),
)
EXPORTS = (Kind("数据文档", (".json",)), Kind("Excel 长表", (".xlsx",)))


def validate(host: Host) -> None:
    """校验: check the workbook as it stands, mark it, say what came of it."""
    with host.working("决算工具：正在读取和校验……"):
        validation = checks.validate(host.read())
    with host.working("决算工具：正在标记……"):
        shown = host.mark(validation)
    text = f"{validation.verdict}　{headline(validation)}\n\n{summary(validation)}。"
    if shown.limits:
        _limited(host, validation, shown, text)
    elif shown.result and validation.findings:
        if host.ask(f"{text}\n\n现在去看“{shown.result}”表吗？"):
            host.goto(CellRef(shown.result, "A1"))
    else:
        host.report(text)


def _limited(host: Host, validation: Validation, shown: MarkResult, text: str) -> None:
    """Say what could not be shown in the workbook, and offer a marked copy."""
    told = "\n".join(f"· {limit}。" for limit in shown.limits)
    kind = validation.reading.workbook.kind
    if kind == "xls":
        host.report(f"{text}\n\n{told}")
        return
    question = "另存一份标好的工作簿并打开吗？（原工作簿不变）"
    if not host.ask(f"{text}\n\n{told}\n\n{question}"):
        return
    stem = Path(host.name).stem
    target = _target(host, "标注本存到", f"{stem}.标注.{kind}", (Kind("工作簿", (f".{kind}",)),))
    if target is not None:
        with host.working("决算工具：正在写标注本……"):
            annotate(validation, target, force=True)
        host.open(target)


def clear(host: Host) -> None:
    """清除标记: take off what 校验 put on."""
    with host.working("决算工具：正在清除标记……"):
        cleared = host.clear()
    if not cleared.any:
        host.report("工作簿里没有校验留下的标记、批注和结果表。")
    elif cleared.limits:
        host.report("已清除能清除的部分。\n\n" + "\n".join(f"· {c}。" for c in cleared.limits))
    else:
        host.report("已清除校验的标记、批注和结果表，其余没有改动。")


def fill_in(host: Host) -> None:
    """填报: a data document into the workbook that is open, or into a copy of it."""
    data = host.choose("选择要填报的数据", DATA)
    if data is None:
        return
    report, edition = load(data, any_table=True)

    def run(template: Path | None, out: Path) -> Filled:
        def once(totals: Mode) -> Filled:
            with host.working("决算工具：正在填报……"):
                return fill(report, edition, out, template=template, totals=totals)

        try:
            return once("formula")
        except InputError as error:
            if not _only_totals(error) or not host.ask(_totals_question(error)):
                raise
            return once("given")

    with _unmarked(host) as template:
        out = template.with_name(f"已填报{template.suffix}")
        try:
            filled = run(template, out)
        except (NotBlank, OtherForm) as error:
            reason = (
                "打开的工作簿里已经有数"
                if isinstance(error, NotBlank)
                else f"数据里没有打开的“{host.name}”里的表"
            )
            if not host.ask(f"{reason}。用自带的空白表样另填一份吗？"):
                raise
            filled = run(None, out.with_suffix(".xlsx"))
        _deliver(host, data, filled, edition)


def _deliver(host: Host, data: Path, filled: Filled, edition: Edition) -> None:
    """Put what was filled where the person wants it: into the open workbook, or into files of their choice."""
    checked = (checks.validate(path, edition) for path in filled.files)
    doubts = [text for validation in checked for text in unlikely_amounts(validation)]
    files, stem = filled.files, f"{Path(host.name).stem}.已填报"
    told = "已填报，原工作簿没有改动："
    question = f"把“{data.name}”填进打开的“{host.name}”吗？"
    if UNSIGNED in filled.notes:
        question += "\n\n工作簿有数字签名，填进去以后签名作废，要重新签。"
    replaced = filled.own is not None and _replaces(host, question, filled.own)
    wrong: list[Problem] = []
    if replaced and filled.own is not None:
        told = f"已填进“{host.name}”并保存，请核对。"
        wrong = _unlike(host, filled.own)
        files = [path for path in files if path != filled.own]
    names = [f"{stem}{path.stem.removeprefix('已填报')}" for path in files]
    targets = [
        _saved(host, "填好的工作簿存到", path, name, [data])
        for path, name in zip(files, names, strict=True)
    ]
    saved = [target for target in targets if target is not None]
    for target in reversed(saved):
        host.open(target)
    if replaced or saved:
        notes = [f"· {note}。" for note in filled.notes]
        notes += [f"· {doubt}" for doubt in doubts]
        host.report("\n".join([told, *notes, *map(str, saved)]))
    raise_if(wrong)


def _replaces(host: Host, question: str, content: Path) -> bool:
    """Ask, and put `content` in the place of the open workbook; False when it is to stay as it is."""
    if reason := host.obstacle():
        host.report(f"{reason}，不能写进打开的工作簿，另存一份。")
        return False
    told = "做好后工作簿自动保存并重新打开。选“否”则另存一份，打开的工作簿不变。"
    if not host.ask(f"{question}\n\n{told}"):
        return False
    host.replace(content)
    return True


def _unlike(host: Host, content: Path) -> list[Problem]:
    """Every figure that is not in the open workbook as `content` has it."""
    with host.working("决算工具：正在核对……"):
        return list(differences(examine(content), host.read()))


def _saved(
    host: Host, title: str, content: Path, stem: str, inputs: Sequence[Path] = ()
) -> Path | None:
    """Copy a file to where the person wants it, over none of `inputs`; None when nowhere."""
    name = f"{stem}{content.suffix}"
    target = _target(host, title, name, (Kind("工作簿", (content.suffix,)),), inputs)
    if target is not None:
        try:
            write_file(target, [marked(content.read_bytes())], overwrite=True)
        except WorkbookError as error:
            raise InputError(workbook_problem(error, str(target))) from error
    return target


def _target(
    host: Host, title: str, name: str, kinds: Sequence[Kind], inputs: Sequence[Path] = ()
) -> Path | None:
    """Where to write; None when the person chooses nothing or would not write over what is there.

    Raises `InputError` when what is there is one of `inputs`, or nothing that xltool wrote.
    """
    target = host.choose_target(title, name, kinds)
    if target is None or not target.exists():
        return target
    if not host.ask(f"{target.name} 已存在，覆盖它吗？"):
        return None
    made = is_document if target.suffix.lower() == ".json" else is_replaceable
    check_outputs([target], inputs, force=True, made=made)
    return target


@contextmanager
def _unmarked(host: Host) -> Iterator[Path]:
    """The workbook as it stands, without marks and result sheet, as a file that is gone afterwards."""
    with host.snapshot() as path, TemporaryDirectory(prefix="xltool-") as folder:
        clean = Path(folder) / path.name
        try:
            editor = Editor(open_workbook(path))
            take_off(editor)
            editor.save(clean)
        except WorkbookError as error:
            raise InputError(workbook_problem(error)) from error
        yield clean


def _only_totals(error: InputError) -> bool:
    """True when the document's totals contradict the formulas and nothing else is wrong."""
    return all(problem.code == "total-differs" for problem in error.problems)


def _totals_question(error: InputError) -> str:
    told = "\n".join(f"{problem.where}：{problem.message}" for problem in error.problems[:10])
    more = f"\n……共 {len(error.problems)} 处" if len(error.problems) > 10 else ""
    return f"{told}{more}\n\n文档里的合计与表内公式不一致。照文档填写这些合计吗？（选“否”不填报）"


def export(host: Host) -> None:
    """导出数据: the figures as a data document or a long table."""
    from xltool.addin.exporting import export_file

    name = f"{Path(host.name).stem}.json"
    target = _target(host, "导出数据到", name, EXPORTS)
    if target is None:
        return
    with host.working("决算工具：正在导出……"), host.snapshot() as path:
        count = export_file(path, target)
    host.report(f"已导出 {count} 个值：\n{target}")


def checks_sheet(host: Host) -> None:
    """审核表: the rules as live formulas, in the workbook that is open or in a copy of it."""
    from xltool.livechecks import add_checks_sheet

    with _unmarked(host) as path:
        out = path.with_name(f"审核表{path.suffix}")
        with host.working("决算工具：正在做审核表……"):
            try:
                editor = Editor(open_workbook(path))
                sheet = add_checks_sheet(editor)
                editor.save(out)
            except WorkbookError as error:
                raise InputError(workbook_problem(error)) from error
        if _replaces(host, f"在打开的“{host.name}”里加“{sheet}”吗？", out):
            raise_if(_unlike(host, out))
            host.report(f"最后一张是“{sheet}”表，填数时结论随时变化。")
            return
        target = _saved(host, "带审核表的副本存到", out, f"{Path(host.name).stem}.审核表")
    if target is not None:
        host.open(target)
        host.report(f"副本已打开，最后一张是“{sheet}”表；原工作簿没有改动：\n{target}")


def doctor(host: Host) -> None:
    """环境自检: what is wrong with the installation and what to do."""
    from xltool.addin.doctor import examine_installation, lines

    with host.working("决算工具：正在自检……"):
        checks = examine_installation()
    host.report("\n".join(lines(checks)), serious=any(check.bad for check in checks))


def show_help(host: Host) -> None:
    """帮助: what each button does."""
    from xltool.addin.log import log_file
    from xltool.addin.ribbon import buttons
    from xltool.core.version import __version__

    told = "\n".join(f"【{b.label}】{b.supertip}" for b in buttons())
    host.report(f"{told}\n\nxltool {__version__}　运行记录：{log_file()}")


ACTIONS: Mapping[str, Callable[[Host], None]] = {
    "validate": validate,
    "clear": clear,
    "next": next_problem,
    "fill": fill_in,
    "export": export,
    "checks": checks_sheet,
    "doctor": doctor,
    "help": show_help,
}
"""By the tag of the button."""
