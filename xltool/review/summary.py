"""审核汇总.xlsx: the books, their findings, the rules, what could not be read, what changed since last time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from xltool.batch.parts import Batch
from xltool.batch.sinks.streamed import StreamedBook
from xltool.batch.skipped import Passed
from xltool.review.collect import BookLine, ReviewBooks, RuleHead
from xltool.review.compare import STATES, ReviewComparison
from xltool.review.extra import ExtraTable
from xltool.review.sheets import ReviewSheet, SheetColumn, SheetLink, looks, numbers, some_cells

_BOOKS = (
    *numbers("序号", least=6),
    SheetColumn("单位名称", 26, "long"),
    SheetColumn("结论", 12),
    *numbers("不符", "待确认", "需核实", "必须相符未审", "提示", "尾差"),
)
_BOOKS_TOO = (
    *numbers("适用规则", "已审规则"),
    SheetColumn("读取", 8),
    *numbers("漂移", "未匹配"),
    SheetColumn("版本", 15),
    *numbers("年度"),
    SheetColumn("金额单位", 12),
    SheetColumn("文件", 31, "long"),
    SheetColumn("报告", 9, printed=False),
    SheetColumn("标注本", 11, printed=False),
    SheetColumn("条件", 20, "long", printed=False),
)
_CHANGES = numbers(*STATES)
_FINDINGS = (
    SheetColumn("单位名称", 24, "long"),
    SheetColumn("规则", 10),
    SheetColumn("级别", 10),
    SheetColumn("结论", 10),
    SheetColumn("工作表", 24, "long"),
    SheetColumn("单元格", 18, "long"),
    SheetColumn("内容", 49, "long"),
    *numbers("左值", "右值", "差额", least=18),
    SheetColumn("提示", 34, "long"),
    SheetColumn("说明", 19, "long"),
    SheetColumn("疑似单元格", 24, "long"),
    SheetColumn("规则名称", 34, "long", printed=False),
    SheetColumn("表", 30, "long", printed=False),
    SheetColumn("文件", 44, "long", printed=False),
)
_OUTCOMES = ("不符", "未执行", "数据不足", "尾差", "通过", "不适用")
_RULES = (
    SheetColumn("规则", 10),
    SheetColumn("规则名称", 60, "long"),
    SheetColumn("级别", 10),
    *numbers(*(f"{outcome}（份）" for outcome in _OUTCOMES), "不符（处）"),
)
_UNREAD = (SheetColumn("文件", 50, "long"), SheetColumn("原因", 100, "long"))
_PASSED = (SheetColumn("没有处理的", 40), SheetColumn("哪些", 100, "long"))
_COMPARED = (
    SheetColumn("单位名称", 24, "long"),
    SheetColumn("变化", 12),
    SheetColumn("规则", 10),
    SheetColumn("表", 30, "long"),
    SheetColumn("位置", 40, "long"),
    SheetColumn("内容", 70, "long"),
    SheetColumn("文件", 44, "long", printed=False),
)
_TOLD = ("不符", "数据不足")


class Summary:
    """Writes the workbook while the review goes on: findings as they come, the rest at the end."""

    def __init__(self, path: Path, *, compared: bool) -> None:
        self._streamed = StreamedBook(path)
        self._book = self._streamed.book
        self._looks = looks(self._book)
        more = _CHANGES if compared else ()
        self._books = ReviewSheet(
            self._book, self._looks, "单位清单", (*_BOOKS, *more, *_BOOKS_TOO), 2
        )
        self._findings = ReviewSheet(self._book, self._looks, "问题清单", _FINDINGS, 2)
        self._rules = ReviewSheet(self._book, self._looks, "规则统计", _RULES, 2)
        self._unread = ReviewSheet(self._book, self._looks, "未能读取", _UNREAD, 1)
        self._compared = (
            ReviewSheet(self._book, self._looks, "与上次比较", _COMPARED, 1) if compared else None
        )

    def findings(self, batch: Batch) -> None:
        """Enter what failed, or could not be checked, in the books of a batch. Residues stay in the database."""
        titles = [column.title for column in _FINDINGS]
        for row in batch.detail("findings").select(titles).to_pylist():
            if row["结论"] in _TOLD:
                look = {"必须相符": "red", "需核实": "ochre"}.get(row["级别"], "")
                row["单元格"] = some_cells(row["单元格"])
                self._findings.row(row, {"级别": look})

    def finish(
        self,
        collected: ReviewBooks,
        changes: ReviewComparison | None,
        passed: Iterable[Passed],
        extra: Iterable[ExtraTable] = (),
    ) -> None:
        """Enter the rest, and close."""
        for number, line in enumerate(collected.ranked, 1):
            self._book_row(number, line, changes)
        for head in sorted(collected.rules.values(), key=_by_failures):
            counts = {f"{outcome}（份）": head.books[outcome] for outcome in _OUTCOMES}
            row = {"规则": head.id, "规则名称": head.name, "级别": head.level, **counts}
            self._rules.row({**row, "不符（处）": head.places})
        for absent in changes.absent if changes else ():
            if absent.open:
                row = {"单位名称": absent.unit, "结论": absent.why, "文件": absent.file}
                self._books.row({**row, "未能核对": absent.open}, {"结论": "ochre"})
        for line in collected.unread:
            self._unread.row({"文件": line.name, "原因": line.book["原因"]})
        self._passed(passed)
        for table in extra:
            self._extra(table)
        if self._compared is not None and changes is not None:
            self._changes(self._compared, changes)
        for sheet in (self._books, self._findings, self._rules, self._unread, self._compared):
            if sheet is not None:
                sheet.finish()
        self.abandon()

    def _passed(self, passed: Iterable[Passed]) -> None:
        """What nobody looked at, on a sheet of its own: it is no book that could not be read."""
        rows = [(what, name) for what, which in passed for name in which]
        if rows:
            sheet = ReviewSheet(self._book, self._looks, "没有处理", _PASSED, 1)
            for what, name in rows:
                sheet.row({"没有处理的": what, "哪些": name})
            sheet.finish()

    def _extra(self, table: ExtraTable) -> None:
        sheet = ReviewSheet(self._book, self._looks, table.title, table.columns, 2)
        titles = [column.title for column in table.columns]
        for values in table.rows:
            looks = {t: table.looks.get(str(v), "") for t, v in zip(titles, values, strict=True)}
            sheet.row(dict(zip(titles, values, strict=True)), looks)
        sheet.finish()

    def _book_row(self, number: int, line: BookLine, changes: ReviewComparison | None) -> None:
        book, files = line.book, line.files
        counts = changes.of(line.name) if changes else None
        compared: dict[str, object] = dict.fromkeys(STATES, "上次没有")
        if counts is not None:
            compared.update((state, counts[state]) for state in STATES)
        marked = (
            SheetLink(files.marked, "打开")
            if files.marked
            else "不能标注"
            if files.unmarked
            else None
        )
        row: dict[str, object] = {
            **book,
            **compared,
            "序号": number,
            "单位名称": line.unit,
            "必须相符未审": line.open_rules,
            "读取": book["状态"],
            "报告": SheetLink(files.report, "打开") if files.report else None,
            "标注本": marked,
        }
        look = {"不合格": "red", "未完成审核": "ochre", "合格": "green"}[book["结论"]]
        self._books.row(row, {"结论": look})

    def _changes(self, sheet: ReviewSheet, changes: ReviewComparison) -> None:
        ordered = sorted(changes.lines, key=lambda c: (c.unit, STATES.index(c.state), c.place))
        for change in ordered:
            look = {"新增": "red", "仍未改正": "ochre", "已改正": "green"}.get(change.state, "")
            row = {"单位名称": change.unit, "变化": change.state, "规则": change.place.rule}
            row |= {"表": change.place.table, "位置": change.place.where, "内容": change.message}
            sheet.row({**row, "文件": change.file}, {"变化": look})
        for name, count in changes.missing.items():
            told = f"上次审核有这个单位，当时有 {count} 处"
            sheet.row({"单位名称": name, "变化": "本次没有交", "内容": told})
        for book in changes.not_handed_in:
            told = f"上次的这份工作簿，本次没有，当时有 {book.open} 处"
            row = {"单位名称": book.unit, "变化": "本次没有交", "内容": told}
            sheet.row({**row, "文件": book.file})
        for name, why in changes.ambiguous.items():
            row = {"单位名称": name, "变化": "不能断定是同一个单位", "内容": why}
            sheet.row(row, {"变化": "ochre"})
        for name in changes.added:
            told = "上次审核没有这个单位"
            sheet.row({"单位名称": name, "变化": "上次没有", "内容": told})

    def abandon(self) -> None:
        """Close the file, whatever it holds."""
        self._streamed.close()


def _by_failures(head: RuleHead) -> tuple[int, int, str]:
    return -head.books["不符"], -head.places, head.id
