"""A workbook that shows where every imported figure comes from, with links to the source cells."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from xltool.documents.document import NO_DATA
from xltool.entry.change import shown
from xltool.entry.importing.assemble import Imported
from xltool.entry.importing.collected import ImportSource
from xltool.entry.importing.rows.namedcodes import NAMED

_HEADS = ["填到哪里", "数", "来源文件", "工作表", "单元格", "那里的数", "计入"]


def lines(imported: Imported) -> Iterator[str]:
    """How the files were read, for confirmation: columns, figures, rows that were left out."""
    for block in imported.blocks:
        grid = block.grid
        if block.topic.aside:
            yield f"{grid.label}：第{block.head}—{block.last}行不用（{block.topic.aside}）"
            continue
        if grid.turned:
            yield f"{grid.label}：科目在各列，行列对换着读"
        else:
            yield f"{grid.label}：第{block.head}行是列名，数到第{block.last}行"
        for column, (what, target) in sorted(block.columns.items()):
            head = block.heads.get(column, "")
            yield f"  {grid.ref(block.head, column)} {head} → {use_in_words(what, target)}"
    fates = imported.collected.fates
    used = sum(fate.fate == "用了" for fate in fates)
    totals = sum(fate.fate == "小计" for fate in fates)
    left = [fate for fate in fates if fate.fate == "没用"]
    yield f"用了{used}行，小计和合计{totals}行（不重复加），没用{len(left)}行"
    for fate in left:
        yield f"  没用：{fate.grid.where(fate.row)}（{fate.why}）"
    for note in imported.collected.notes:
        yield f"注意：{note}"
    typed = {figure.words: figure for figure in imported.typed}
    yield f"得到{len(imported.targets)}个数："
    for place, words in imported.targets.items():
        sources = imported.collected.figures[place]
        cells = "、".join(s.grid.where(s.row, s.column) for s in sources[:3])
        more = f" 等{len(sources)}格" if len(sources) > 3 else ""
        over = "，另填的代替了它" if words in typed else ""
        yield f"  {words} = {imported.collected.value(place):f}（{cells}{more}{over}）"
    if typed:
        yield f"另填{len(typed)}个数："
    for figure in typed.values():
        yield f"  {figure.words} = {shown(figure.value)}"
    if alike := imported.collected.repeated():
        yield f"几张表里相同、只算一次的数有{len(alike)}个：{'、'.join(imported.targets[t] for t in alike)}"
    if stated := imported.raw.get(NO_DATA):
        yield f"来源里没有数，写“本表无数据”的表：{'、'.join(stated)}"


def use_in_words(what: str, target: str) -> str:
    """What a column is used for, as people say it."""
    return {
        "code": _code_in_words(target),
        "name": "名称",
        "amount": target.replace(".", "·"),
        "single": "金额",
        "month": "各月的数" + (f"（{target.replace('.', '·')}）" if target else ""),
        "part": target.replace(".", "·"),
        "economic": f"基本支出 {target}",
        "side": f"{target}发生额",
        "nature": "支出性质",
        "fund": "资金性质",
        "unit": "单位",
        "status": "支付状态",
        "year": "年度",
        "memo": "说明，不用",
        "total": "合计，只核对",
    }.get(what, f"不用（{target}）")


def _code_in_words(target: str) -> str:
    if target == NAMED.target:
        return "名称，按它找科目编码"
    return f"{target}分类编码" if len(target) > 1 else f"科目编码的{target}"


def trace(imported: Imported) -> bytes:
    """The workbook: target, value, source file, sheet, cell, value there, what of it counts in the document's unit."""
    import xlsxwriter

    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("来源")
        sheet.write_row(0, 0, _HEADS, book.add_format({"bold": True}))
        row = 0
        for row, (words, value, source, counted) in enumerate(_traced(imported), 1):
            sheet.write_string(row, 0, words)
            _write(sheet, row, 1, value)
            if source is None:
                sheet.write_string(row, 2, "另填的（--set、--table）")
            else:
                _write_source(sheet, row, source)
            _write(sheet, row, 6, counted)
        sheet.freeze_panes(1, 0)
        if row:
            sheet.autofilter(0, 0, row, len(_HEADS) - 1)
        sheet.autofit()
    return data.getvalue()


def _traced(imported: Imported) -> Iterator[tuple[str, Any, ImportSource | None, Any]]:
    """Every figure of the document in words, its value, each of its sources and what that adds to it."""
    typed = {figure.words: figure for figure in imported.typed}
    for target, words in imported.targets.items():
        if words in typed:
            continue
        value = imported.collected.value(target)
        for source, counted in imported.collected.counted(target):
            yield words, value, source, counted
    for figure in typed.values():
        yield figure.words, figure.value, None, figure.value


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, (Decimal, int)):
        sheet.write_number(row, column, float(value))
    elif value is not None:
        sheet.write_string(row, column, str(value))


def _write_source(sheet: Any, row: int, source: ImportSource) -> None:
    ref = source.grid.ref(source.row, source.column)
    sheet.write_string(row, 2, source.grid.file)
    sheet.write_string(row, 3, source.grid.sheet)
    if source.grid.sheet:
        link = f"external:{source.grid.file}#'{source.grid.sheet}'!{ref}"
        sheet.write_url(row, 4, link, string=ref)
    else:
        sheet.write_string(row, 4, ref)
    _write(sheet, row, 5, source.value)
