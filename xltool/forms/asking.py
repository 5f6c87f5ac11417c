"""What `mapping init` asks about a form: each thing that its words leave open, with candidates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from xltool.core.amounts import UNITS
from xltool.forms.cardgaps import card_gaps
from xltool.forms.gaps import Gap, gaps_of, gaps_of_doubt, likeliest, likeness, total_gaps
from xltool.mapping.cells import Cells, cells_of
from xltool.mapping.ownsheets import own_sheets
from xltool.mapping.questions import (
    ASIDE,
    CODE,
    NAMED,
    NAMES,
    NONE,
    Choice,
    Question,
    question_id,
)
from xltool.mapping.recognition.tables import recognise_table
from xltool.mapping.recognition.titles import Title, Titled, titled_parts
from xltool.mapping.recognition.vocabulary.keys import bare, title_key
from xltool.mapping.recognition.vocabulary.words import Vocabulary
from xltool.mapping.recognition.workbook import Recognised, Recognition
from xltool.ooxml import Range, Sheet, Workbook
from xltool.reading import Reading
from xltool.reading.accounting import unaccounted

_MOST = 6
"""So many candidates are shown."""
_ALIKE = 0.6
"""So alike is a title to that of a table which it may be."""
_HEAD_ROWS = 6
_WIDE = 3
"""A sheet with so many texts side by side is a table."""
_NONE = Choice(NONE, "本工具没有这个字段；读的时候点名")
_ASIDE = Choice(ASIDE, "不随决算报送，以后不读、不点名")


def ask(
    workbook: Workbook, found: Recognition, words: Vocabulary, reading: Reading | None
) -> list[Question]:
    """The questions about a form; `reading`: it as an edition reads it, None where no table was recognised."""
    asked = [
        *_tables(found, words),
        *_sheets(workbook, found, words),
        *map(_several, found.several),
    ]
    gaps = [gap for t in found.tables for gap in gaps_of(t, words, beside(t, found))]
    cards = (gap for t in found.tables if t.words.is_card for gap in card_gaps(t, words))
    gaps += _first_of_each(cards)
    gaps += [gap for t in found.tables for gap in total_gaps(t, words)]
    gaps += [gap for doubt in found.doubts for gap in gaps_of_doubt(doubt, words)]
    asked += map(_gap, gaps)
    asked += (*_heads(reading), *_hidden(reading)) if reading is not None else ()
    return list({question.id: question for question in asked}.values())


def _first_of_each(gaps: Iterable[Gap]) -> Iterable[Gap]:
    """An answer is good for every card of its kind."""
    found: dict[tuple[object, ...], Gap] = {}
    for gap in gaps:
        found.setdefault((gap.kind, gap.table, gap.texts), gap)
    return found.values()


def beside(table: Recognised, found: Recognition) -> list[Recognised]:
    """The other tables that were found in the part of the sheet that a table has."""
    same = (each for each in found.tables if each.mapping.sheet == table.mapping.sheet)
    return [each for each in same if each is not table and each.mapping.area == table.mapping.area]


def _question(
    kind: str,
    sheet: str,
    cell: str,
    text: str,
    ask: str,
    choices: tuple[Choice, ...],
    *,
    table: str = "",
    heads: tuple[str, ...] = (),
) -> Question:
    id_ = question_id(kind, sheet, cell)
    return Question(id_, kind, sheet, cell, text, ask, choices, table=table, heads=heads)


def _cell(at: Range) -> str:
    """The cell of a text; "" for a title that no cell prints, for the sheet is called so."""
    return at.anchor if at.top else ""


def _choices(names: Iterable[str], text: str, *, known: str = "") -> list[Choice]:
    """Candidates with the reason for each."""
    found = []
    for n, name in enumerate(list(names)[:_MOST]):
        alike = likeness(bare(text), bare(name))
        reason = "字面最接近" if n == 0 and alike >= _ALIKE else known
        found.append(Choice(name, reason))
    return found


# ── which table a sheet is ──


def _tables(found: Recognition, words: Vocabulary) -> Iterator[Question]:
    for doubt in found.doubts:
        title = doubt.titled.title
        sheet, at = doubt.titled.cells.sheet.name, title.at
        shown = f"《{title.text.strip()}》"
        if len(doubt.tables) > 1:
            names = [table.table for table in doubt.tables]
            told = f"标题{shown}可以是几种表，这里是哪一张？"
            choices = _choices(names, title.text, known="标题和栏目都对得上")
        elif not doubt.tables:
            choices = _choices(_similar(title.name, found, words), title.text, known="标题相近")
            told = f"本工具没有标题为{shown}的表。{_which('它其实是', choices)}"
        else:
            told, choices = f"标题{shown}认得，栏目和行认不出。这张表怎么办？", []
            if any(gaps_of_doubt(doubt, words)):
                told = f"标题{shown}认得，栏目认不出。要随决算报送吗？（报送的不用答这里，答“是哪一栏”）"
        yield _question("表", sheet, _cell(at), title.text, told, (*choices, _ASIDE, _NONE))


def _which(begin: str, likely: list[Choice]) -> str:
    return f"{begin}下面的哪一张？" if likely else "要随决算报送吗？"


def _similar(text: str, found: Recognition, words: Vocabulary) -> list[str]:
    """The tables that are not there yet and whose titles are like a text, likeliest first."""
    here = {table.mapping.table for table in found.tables}
    key = title_key(text)
    scored = {
        table.table: max(likeness(key, title) for title in table.titles)
        for table in words.tables
        if table.table not in here or table.many
    }
    return sorted((t for t, score in scored.items() if score >= _ALIKE), key=lambda t: -scored[t])


def _sheets(workbook: Workbook, found: Recognition, words: Vocabulary) -> Iterator[Question]:
    """The sheets that look like tables and bear no title that is known."""
    told = {table.mapping.sheet for table in found.tables} | {u.sheet for u in found.unread}
    told |= set(own_sheets(workbook))
    for sheet in workbook.sheets:
        if sheet.state != "visible" or sheet.name in told or bare(sheet.name) in words.aside:
            continue
        cells = cells_of(sheet)
        if not _is_table(cells) or _is_contents(cells, words) or titled_parts(cells, words):
            continue
        at, text = _first_text(cells)
        names = likeliest(title_key(text), _fitting(cells, found, words))
        # what bears no title is put aside as a sheet: its figures may stand under other lines than the first
        title = text if title_key(text).endswith("表") else ""
        likely = _choices(names, text, known="栏目对得上")
        ask = f"这张工作表开头写着“{text.strip()}”，没有认得的标题。{_which('它是', likely)}"
        yield _question("表", sheet.name, at.anchor, title, ask, (*likely, _ASIDE, _NONE))


def _fitting(cells: Cells, found: Recognition, words: Vocabulary) -> list[str]:
    """The tables that are not there yet and whose heads a sheet has, those first of which it has most."""
    here = {table.mapping.table for table in found.tables}
    area = Range(1, 1, cells.bottom, cells.right)
    bound: dict[str, int] = {}
    for table in words.tables:
        if table.table not in here or table.many:
            title = Title(Range(0, 1, 0, 1), table.table, table.table, (table,), False)
            made = recognise_table(Titled(cells, area, title), table, words, 0)
            bound[table.table] = made.bound if made else 0
    most = max(bound.values(), default=0)
    fit = (name for name, count in bound.items() if count and 2 * count >= most)
    return sorted(fit, key=lambda name: -bound[name])


def _is_table(cells: Cells) -> bool:
    return any(sum(1 for _ in cells.texts(row)) >= _WIDE for row in cells.rows)


def _is_contents(cells: Cells, words: Vocabulary) -> bool:
    head = (text for row in range(1, _HEAD_ROWS + 1) for _, text in cells.texts(row))
    return any(title_key(text) in words.contents for text in head)


def _first_text(cells: Cells) -> tuple[Range, str]:
    return next(
        (cells.extent(row, column), text)
        for row in sorted(cells.rows)
        for column, text in cells.texts(row)
    )


def _several(same: list[Recognised]) -> Question:
    table, first = same[0].mapping.table, same[0].mapping
    sheets = [each.mapping.sheet for each in same]
    ask = f"《{table}》只能有一张，有{len(same)}张工作表都是。以哪一张为准？（另外的不读）"
    choices = tuple(Choice(sheet, "") for sheet in sheets)
    cell, text = _cell(first.title.range), first.title.text
    return _question("张", first.sheet, cell, text, ask, (*choices, _NONE), table=table)


def _hidden(reading: Reading) -> Iterator[Question]:
    """The hidden sheets with figures of no table: whoever gets the form can do nothing about them."""
    figures: dict[str, int] = {}
    for block in unaccounted(reading):
        figures[block.sheet] = figures.get(block.sheet, 0) + len(block.refs)
    for sheet in reading.workbook.sheets:
        if sheet.state != "visible" and (count := figures.get(sheet.name)):
            told = f"隐藏的工作表“{sheet.name}”里有{count}个数，不属于任何一张表。要随决算报送吗？"
            stays = Choice(NONE, "本工具没有这张表；校验时点名，要写说明")
            yield _question("表", sheet.name, "", "", told, (_ASIDE, stays))


# ── columns and rows ──


def _gap(gap: Gap) -> Question:
    shown = "›".join(text.strip() for text in gap.texts)
    known = "本表还没有绑定的" + gap.kind
    ask = f"《{gap.table}》里的“{shown}”是哪一{gap.kind}？"
    if gap.kind == "合计":
        ask = f"《{gap.table}》的清单没有认得的合计行，“{shown}”是不是？"
        known = "在清单的最前或最后"
    keys = [name for name in gap.names if name in (CODE, NAMES, NAMED)]
    names = [name for name in gap.names if name not in keys]
    choices = [*_choices(names, gap.texts[-1], known=known), *(Choice(key) for key in keys), _NONE]
    heads = gap.texts if gap.kind == "栏" else ()
    return _question(gap.kind, gap.sheet, gap.at.anchor, gap.texts[-1], ask, tuple(choices),
                     table=gap.table, heads=heads)  # fmt: skip


# ── heads of the document ──


def _heads(reading: Reading) -> Iterator[Question]:
    codes = {problem.code for problem in reading.problems}
    if not reading.report.year and not _has_place(reading, "{年度}"):
        year = date.today().year
        ask = "表样没有印年度的地方。是哪一年的？（也可以写别的年份）"
        choices = tuple(Choice(str(year - n), "") for n in range(1, 4))
        yield _question("年度", "", "", "", ask, choices)
    if "no-unit" in codes:
        ask = "表样没有印金额单位。填的是元还是万元？"
        yield _question("金额单位", "", "", "", ask, tuple(map(Choice, UNITS)))
    fields = any(found_table.mapping.unit_name for found_table in reading.found_tables)
    if "no-unit-name" in codes and not fields and not _has_place(reading, "{单位名称}"):
        labels = {label: (sheet, ref) for sheet, ref, label in _labels(reading)}
        if labels:
            ask = "单位名称填在哪几个字的后面？"
            ranked = likeliest("单位名称", labels)
            text = ranked[0]
            sheet, ref = labels[text]
            choices = (*_choices(ranked, "单位名称", known="表头里冒号前的字"), _NONE)
            yield _question("单位名称", sheet, ref, text, ask, choices)


def _has_place(reading: Reading, head: str) -> bool:
    return any(
        head in line.pattern
        for found_table in reading.found_tables
        for line in found_table.mapping.lines
    )


def _labels(reading: Reading) -> Iterator[tuple[str, str, str]]:
    """The texts before colons above the tables."""
    for found_table in reading.found_tables:
        sheet: Sheet = found_table.located.sheet
        for ref, value in sheet.head(_HEAD_ROWS):
            if isinstance(value, str) and len(label := _before_colon(value)) > 1:
                yield sheet.name, ref, label


def _before_colon(text: str) -> str:
    found, colon, _ = text.replace(":", "：").partition("：")
    return bare(found) if colon and len(found) <= 16 else ""
