"""`xltool mapping init|copy|check|show`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xltool.cli.options import FILE, as_typed, edition_files, force_option, note
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.saving.files import write_text
from xltool.core.saving.guard import check_outputs
from xltool.core.saving.mark import is_marked
from xltool.editions import Edition, all_editions, find_edition
from xltool.forms.check import check_edition, check_form
from xltool.forms.picture import Picture, is_picture
from xltool.mapping.questions import NAME as QUESTIONS

if TYPE_CHECKING:
    from xltool.forms.init import Made


_SHOWN = 5
"""So many lines of a long list are shown."""
UNDECIDED = 1
"""Exit code: an edition was written that cannot be used before its questions are answered."""


_ANSWERS = click.option(
    "--answers",
    type=FILE,
    metavar="文件",
    help="问题的答案：答过的 问题.yaml，或一行一个“编号: 答案”",
)
_ASK = click.option("--ask", "asking", is_flag=True, help="认不准的，在终端里逐个问（回车跳过）")


@click.group(help="自己的表样做成版本；检查映射文件，画出字段所在的位置。")
def command() -> None:
    """Group of mapping commands."""


@command.command(
    help="检查版本（默认全部）或单个映射文件：格式，与表样是否逐格相符；自己的版本还试填、读回、校验、加审核表。"
)
@click.argument("targets", nargs=-1, metavar="[版本或文件]…")
def check(targets: tuple[str, ...]) -> None:
    """Check editions by id or folder, or single files; all problems at once."""
    problems: list[Problem] = []
    names: list[str] = []
    for target in targets or [edition.id for edition in all_editions()]:
        if target.endswith((".yaml", ".yml")):
            problems += check_form(Path(target))
        else:
            problems += _check(find_edition(target))
        names.append(target)
    raise_if(problems)
    click.echo(f"映射文件没有问题：{'、'.join(names)}")


def _check(edition: Edition) -> list[Problem]:
    """What is wrong with an edition; one's own is tried too, and its open questions are told."""
    from xltool.forms.works import (
        check_works,
        left_rows,
        open_questions,
        rowless_lists,
        unbound_numbers,
    )

    problems = check_edition(edition)
    if problems or edition.bundled:
        return problems
    if problems := check_works(edition):
        return problems
    for where, question in open_questions(edition):
        note(f"没有答，照旧不绑定：{where}　{question.ask}")
    for text in (text for book in edition.workbooks for text in unbound_numbers(book, edition)):
        note(f"表样里没有绑定的数，校验时会点名（不随决算报送的工作表写进 ignore）：{text}")
    for text in (text for book in edition.workbooks for text in rowless_lists(book, edition)):
        note(f"没有空行、填不了明细的清单，表样里至少留一行：{text}")
    for text in (text for book in edition.workbooks for text in left_rows(book, edition)):
        note(f"表样里没有绑定的行，填不了、不审：{text}")
    return problems


@command.command(
    "show",
    help="画出字段位置：每个绑定的单元格里写着它的字段名，与映射不符的写着应是什么；-o 名字以 .html 结尾的是网页。",
)
@click.argument("edition", metavar="版本")
@click.option(
    "-o", "--output", type=FILE, required=True, metavar="文件", help="写到哪个工作簿或网页"
)
@click.option("--book", metavar="工作簿", help="版本有几个工作簿时，画哪一个（默认第一个）")
@force_option
def show_command(edition: str, output: Path, book: str | None, force: bool) -> None:
    """Write the picture, as a workbook or a page."""
    found = find_edition(edition)
    books = {spec.name: spec for spec in found.workbooks}
    if book is not None and book not in books:
        raise InputError(
            Problem(book, "没有这个工作簿", f"可用：{'、'.join(books)}", code="missing")
        )
    page = output.suffix.lower() in (".html", ".htm")
    check_outputs(
        [output], edition_files(edition), force=force, made=is_picture if page else is_marked
    )
    picture = Picture(found, books[book] if book else found.workbooks[0])
    if page:
        write_text(output, picture.html(), force=force)
    else:
        picture.save(output, force=force)
    note(f"每个绑定的单元格里是它的字段名：{output}")


def _new_folder(output: Path | None, id_: str | None) -> Path:
    """Where an edition of one's own goes: the folder that is named, or one of the id's name."""
    folder = output or (Path(id_) if id_ else None)
    if folder is None:
        told, hint = "写到哪个文件夹？", "加 -o 文件夹，或 --id 版本号"
        raise InputError(Problem("-o", told, hint, code="bad-option"))
    return folder


@command.command(
    help="把自己的表样（空白的或填好的 .xlsx、.xls）做成自己的版本：认出各表，试填一遍读回来证明，写成一个文件夹。"
)
@click.argument("book", type=FILE, metavar="工作簿")
@click.option("-o", "--output", type=FILE, metavar="文件夹", help="写到哪个新文件夹（默认用 --id）")
@click.option("--id", "id_", metavar="版本号", help="版本号（默认用文件夹名）")
@click.option("--name", default="", metavar="名称", help="版本的名称")
@_ANSWERS
@_ASK
def init(
    book: Path, output: Path | None, id_: str | None, name: str, answers: Path | None, asking: bool
) -> int:
    """Make an edition of one's own and say what is bound and what is not."""
    from xltool.cli.asking import require_terminal, with_answers
    from xltool.forms.init import keep
    from xltool.mapping.questions import load_answers

    if asking:
        require_terminal()
    folder = _new_folder(output, id_)
    if folder.exists():
        raise InputError(
            Problem(str(folder), "已经有了，没有覆盖", "换个文件夹名，或先把它移走", code="exists")
        )
    given = load_answers(answers) if answers else {}
    made = with_answers(book, id_ or folder.name, name, given, asking=asking)
    keep(made.files, folder)
    _tell(made, folder)
    if made.proved is None:
        click.echo(f"还不能用：{folder}（先答 {QUESTIONS} 里的问题）")
        return UNDECIDED
    click.echo(f"自己的版本：{folder}")
    click.echo(
        f"接着：{as_typed('xltool', 'editions', 'add', folder)}（装上以后用 -e {id_ or folder.name}）"
    )
    return 0


def _tell(made: Made, folder: Path) -> None:
    """What is bound, what was proved, what is not bound, what is asked."""
    for table in made.tables:
        click.echo(f"{table.mapping.table}　工作表“{table.mapping.sheet}”　绑定{table.bound}处")
    if made.proved is not None:
        click.echo(f"试填{made.proved.figures}个值，全部读回来相等。规则、科目表用 {made.near.id}")
        if made.proved.seconded is None:
            note('没有装 openpyxl，没有用第二个程序核对（pip install "xltool[forms]"）')
        else:
            click.echo(f"openpyxl 再读一遍，{made.proved.seconded}格也都相等")
    if made.converted is not None:
        note(
            "旧格式已转成 .xlsx，各格内容、公式逐一核对过；打开看看样子，不满意的用 Excel、WPS 另存为 .xlsx 再做"
        )
    if made.cleared:
        note(f"清空了表样里填着的数、样例行{made.cleared}格")
    if made.remains:
        note(made.remains)
    _tell_lists(made, folder)


def _tell_lists(made: Made, folder: Path) -> None:
    """What a person has to look at, list by list."""
    from xltool.forms.ownrules import NAME as RULES

    without = made.proved.without if made.proved is not None else ()
    heads = tuple(map(str, made.proved.heads)) if made.proved is not None else ()
    asked = tuple(f"{question.where}：{question.ask}" for question in made.open)
    path, check = folder / QUESTIONS, as_typed("xltool", "mapping", "check", folder)
    fallen, said = tuple(made.rules.told_fallen()), tuple(made.rules.told_identities())
    unsaid = tuple(made.rules.told_unsaid())
    in_rules = (fallen, said, unsaid)
    for title, texts in (
        ("没有转过来的", made.converted or ()),
        ("没能试填", tuple(map(str, made.faults))),
        ("没有读的", made.unread),
        ("没有空行、填不了明细的清单，表样里至少留一行", without),
        ("表样没有印的", heads),
        (
            "没有绑定的数，校验时会点名；整张工作表不随决算报送的，写进 edition.yaml 的 ignore",
            made.unbound,
        ),
        ("没有绑定的行，填不了、不审", made.left),
        ("不审的自带规则，表样没有它要的", fallen),
        ("按表样的公式建议的规则，级别是“提示”", said),
        ("表样的公式，没能写成规则、不审的", unsaid),
        (f"要问的，在 {path} 里“答:”后面填上，再运行 {check}", asked),
    ):
        if texts:
            note(f"{title}（{len(texts)}处）：")
        shown = texts[:_SHOWN] if texts in in_rules else texts
        for text in shown:
            note(f"  {text}")
        if rest := len(texts) - len(shown):
            note(f"  ……另有{rest}处，都写在 {folder / RULES} 里")


@command.command(
    help="回答自己的版本的问题（问题.yaml）：用答案文件，或在终端里问；答完重新试填证明。不给答案，只重新认一遍表样。"
)
@click.argument("folder", type=click.Path(path_type=Path), metavar="文件夹")
@_ANSWERS
@_ASK
def answer(folder: Path, answers: Path | None, asking: bool) -> int:
    """Answer questions of an edition in a folder and prove it anew."""
    from xltool.cli.asking import answered, require_terminal
    from xltool.mapping.questions import load_answers

    if asking:
        require_terminal()
    made = answered(folder, load_answers(answers) if answers else {}, asking=asking)
    _tell(made, folder)
    return UNDECIDED if made.proved is None else 0


@command.command(
    "copy",
    help="把一个版本（自带的、自己的）的映射文件、表样复制成自己的版本，改起来用。",
)
@click.argument("edition", metavar="版本")
@click.option("-o", "--output", type=FILE, metavar="文件夹", help="写到哪个新文件夹（默认用 --id）")
@click.option("--id", "id_", metavar="版本号", help="新的版本号（默认用文件夹名）")
def copy_command(edition: str, output: Path | None, id_: str | None) -> None:
    """Write the files of an edition into a new folder."""
    from xltool.editions.install import check_id
    from xltool.forms.copy import files_of
    from xltool.forms.init import keep

    folder = _new_folder(output, id_)
    own = id_ or folder.name
    check_id(own)
    files = files_of(find_edition(edition), own)
    keep(files, folder)
    click.echo(f"已复制：{folder}（{len(files)}个文件，版本号 {own}）")
