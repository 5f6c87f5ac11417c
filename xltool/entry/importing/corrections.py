"""What a person says of an import: this column is that, leave the row out; kept as an import mapping for next time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from xltool.core.problems import InputError, Problem
from xltool.core.texts import norm
from xltool.editions import Edition
from xltool.entry.importing.layout.block import Block
from xltool.entry.importing.layout.headrows import is_budget_code
from xltool.entry.importing.layout.periods import years_in
from xltool.entry.importing.layout.titles import month_of
from xltool.entry.importing.questions.answers import ANSWERS, COUNTED, NOT_COUNTED
from xltool.entry.importing.vocabulary import USES, Meaning, bare
from xltool.ooxml import column_number
from xltool.rules.load import load_rules

HEADS = ("单位名称", "年度", "金额单位", "版本", *ANSWERS)
_COLUMN = re.compile(
    r"^(?:(?P<sheet>.*)!)?(?P<column>[A-Za-z]{1,3}|\d{1,4}(?=行?$))(?:[列行]|(?P<row>\d+))?$"
)
_LEFT = "不要"
_SAID = {
    **dict.fromkeys(("基本支出", "项目支出", "经营支出"), "性质"),
    **dict.fromkeys(("一般公共", "基金", "国资", "其他"), "资金"),
    **dict.fromkeys((COUNTED, NOT_COUNTED), "状态"),
}
"""What a word in a cell may be said to be, and what of an import mapping says it."""
HINT = (
    "列写成 E=基本支出 或 表名!E=不要，行写成 行名=不要、行名=总表.收入.其他收入 或 科目名称=编码，"
    "整张表写成 表名=不要"
)
TITLE = "# 导入映射：xltool import 确认以后写的，下次照用；可以自己改（docs/document.md）。\n"


class ReviewedColumn(NamedTuple):
    """A column of a block, for people: where it is, what is printed over it, what it is used for."""

    sheet: str
    place: str
    """Its letter and the row of its heads: C2; of a sheet that was turned the row that it is there: 5."""
    head: str
    use: str
    """A use, 表.栏, or "" where it is not known."""


def columns_of(blocks: Sequence[Block]) -> list[ReviewedColumn]:
    """The columns that hold something or are named, block after block."""
    found = []
    for block in blocks:
        if block.topic.aside:
            continue
        for number, head in sorted(block.heads.items() | block.unknown.items()):
            meaning = block.columns.get(number)
            use = use_word(meaning) if meaning is not None else ""
            grid = block.grid
            place = grid.letter(number) if grid.turned else grid.ref(block.head, number)
            column = ReviewedColumn(grid.sheet, place, head, use)
            if column not in found:
                found.append(column)
    return found


def use_word(meaning: Meaning) -> str:
    """A use as an import mapping and the page write it."""
    if meaning.what in ("amount", "part") or (meaning.what == "month" and meaning.target):
        return meaning.target
    word = next((w for w, known in USES.items() if known == meaning), "")
    kinds = {"code": "功能分类", "month": "金额", "economic": "金额", "memo": _LEFT, "aside": _LEFT}
    return word or kinds.get(meaning.what, "")


def known_uses(edition: Edition | None) -> list[str]:
    """Every use that a column may have: the words, and 表.栏 of the edition's lists."""
    return [*USES, *(f"{table}.{column}" for table, column in _columns(edition))]


def _columns(edition: Edition | None) -> list[tuple[str, str]]:
    if edition is None:
        return []
    return [
        (short, column)
        for short, name in load_rules(edition).tables.items()
        for spec in edition.specs[name].lists.values()
        for column, kind in spec.columns.items()
        if kind == "amount"
    ]


def correct(
    own: dict[str, Any],
    given: dict[str, str],
    text: str,
    blocks: Sequence[Block],
    edition: Edition | None,
    sheets: Collection[str],
) -> tuple[dict[str, Any], dict[str, str]]:
    """The import mapping and the given heads with one correction more.

    A correction is `E=不要`, `表名!E=基本支出`, `利息=总表.收入.其他收入`, `年度=2024`.

    Raises `InputError` for what cannot be understood.
    """
    own, given = deepcopy(own), dict(given)
    left, equals, right = (part.strip() for part in text.replace("＝", "=").partition("="))
    if not equals or not left or not right:
        raise _refused(text, "看不懂")
    if left in HEADS:
        if right not in ANSWERS.get(left, (right,)):
            raise _refused(text, f"{left} 的回答是 {' 或 '.join(ANSWERS[left])}")
        return own, {**given, left: right}
    place = _COLUMN.match(left)
    if right == _LEFT and left in sheets:
        own["不要的工作表"] = [*own.get("不要的工作表", []), left]
    elif place is not None and not _is_word(left, right, blocks):
        own.setdefault("列", {})[_key(place, blocks, text)] = _use(right, edition, text)
    elif right in _SAID:
        own.setdefault(_SAID[right], {})[left] = right
    elif is_budget_code(right):
        own.setdefault("科目", {})[bare(left)] = right
    else:
        own.setdefault("行", {})[bare(left)] = _field(right, edition, text)
    return own, given


def _is_word(left: str, right: str, blocks: Sequence[Block]) -> bool:
    """Whether the letter of a column is a word in cells: a column may be of a nature, but not of a fund or a state."""
    cells = (b.at(row, c) for b in blocks for c in b.of("nature") for row in b.rows)
    return right in _SAID and (_SAID[right] != "性质" or left in map(str, cells))


def before_latest(blocks: Sequence[Block], text: str) -> list[str]:
    """The sheets of all months but the last one."""
    months = {block.grid.sheet: month_of(block.grid, block.first) for block in blocks}
    if len(set(months.values()) - {0}) < 2:
        raise _refused(text, "看不出哪一张是最后一个月的")
    return [sheet for sheet, month in months.items() if 0 < month < max(months.values())]


def _key(place: re.Match[str], blocks: Sequence[Block], text: str) -> str:
    """By which a mapping knows a column: its heads where they tell it from all others, else its sheet and letter."""
    letters = place["column"].upper()
    number = int(letters) if letters.isdigit() else column_number(letters)
    sheets = {block.grid.sheet for block in blocks}
    sheet = place["sheet"]
    if sheet is None and len(sheets) == 1:
        (sheet,) = sheets
    shown = Counter(_told(h) for block in blocks for h in block.heads.values())
    everywhere = sheet is None and bool(blocks) and all(block.alone for block in blocks)
    if (
        everywhere
        and (head := blocks[0].heads.get(number, ""))
        and shown[_told(head)] <= len(blocks)
    ):
        return head
    if sheet is None or sheet not in sheets:
        names = "、".join(sorted(sheets))
        raise _refused(
            text, f"写明是哪张工作表的列（{names}），如 {next(iter(sheets), '表')}!E=不要"
        )
    letter, row = place["column"].upper(), place["row"]
    known = {
        block.head: block.heads.get(number, "")
        for block in blocks
        if block.grid.sheet == sheet and number in block.used
    }
    if not known:
        raise _refused(text, f"{sheet} 的{letter}列没有列名，也没有数")
    if row and int(row) in known:
        known = {int(row): known[int(row)]}
    if len(set(known.values())) > 1:
        places = "、".join(f"{letter}{head} {name}" for head, name in known.items())
        raise _refused(text, f"{letter}列有几处，写明是哪一处：{places}")
    head = next(iter(known.values()))
    if head and shown[_told(head)] == 1:
        return head
    return f"{sheet}!{letter}/{head}" if head else f"{sheet}!{letter}"


def _told(head: str) -> str:
    """What an import mapping tells columns by: 基本支出（元） and 基本支出（万元） are one."""
    return bare(head.replace("/", ""))


def _use(word: str, edition: Edition | None, text: str) -> str | list[str]:
    if word in USES:
        return word
    known = _columns(edition)
    table, _, column = norm(word).partition(".")
    named = [(t, c) for t, c in known if _names(edition, t, table) and norm(c) == column]
    if not column:
        named = [(t, c) for t, c in known if norm(c) == table and t == "支出表"] or [
            (t, c) for t, c in known if norm(c) == table
        ]
    if not named:
        raise _refused(
            text, f"没有“{word}”这种用处：{'、'.join(USES)}，或 表.栏（支出表.基本支出）"
        )
    return list(named[0])


def _names(edition: Edition | None, short: str, table: str) -> bool:
    full = load_rules(edition).tables[short] if edition is not None else short
    return table in (norm(short), norm(full))


def _field(word: str, edition: Edition | None, text: str) -> str | list[str]:
    if word == _LEFT:
        return word
    table, *path = word.split(".")
    for short, full in (load_rules(edition).tables if edition is not None else {}).items():
        if table in (short, full) and tuple(path) in edition.specs[full].fields:  # type: ignore[union-attr]
            return [short, *path]
    raise _refused(text, f"没有“{word}”这个字段")


def _refused(text: str, message: str) -> InputError:
    return InputError(Problem(text, message, HINT, code="bad-option"))


# ── what is kept ──


def confirmed(own: dict[str, Any], blocks: Sequence[Block]) -> dict[str, Any]:
    """The import mapping to keep: what the person said, and (确认) how every other column was read."""
    read: dict[str, list[str]] = {key: list(uses) for key, uses in own.get("确认", {}).items()}
    for column in columns_of(blocks):
        head = column.head
        if head and column.use and not years_in(norm(head)):
            uses = read.setdefault(head, [])
            if column.use not in uses:
                uses.append(column.use)
    return {**own, "确认": read} if read else dict(own)


def changed(own: dict[str, Any], blocks: Sequence[Block]) -> list[str]:
    """Columns that are read in another way than was confirmed, a sentence each."""
    said = own.get("确认", {})
    return [
        f"{column.sheet}!{column.place}“{column.head}”上次确认的是{'、'.join(said[column.head])}，这次读成{column.use}"
        for column in columns_of(blocks)
        if column.head in said and column.use and column.use not in said[column.head]
    ]


def mapping_text(own: dict[str, Any]) -> str:
    """The import mapping as YAML."""
    import yaml

    return TITLE + yaml.safe_dump(own, allow_unicode=True, sort_keys=False, width=110)
