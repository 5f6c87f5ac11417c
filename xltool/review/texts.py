"""The texts that units disclose, beside their books: whose each is, checked in the worker, told as rows of their own.

A text goes with a book by the name (or 单位编码) of the unit in the name of its file, else with the only unit of its
folder. One that may belong to several, or to none, is told and not judged.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from xltool.batch.source import Source, content_of
from xltool.batch.together import BookHead
from xltool.checks import Validation
from xltool.core.problems import InputError
from xltool.core.texts import norm
from xltool.ooxml import WorkbookError

UNREAD, UNPAIRED = "未能读取", "未配上"
"""Verdicts of texts that were not judged, beside those of `NarrativeCheck`."""
_SHOWN = 4
_CODE = re.compile(r"[0-9a-z]+")
Raw = dict[str, Any]


@dataclass
class TextPairs:
    """Pairs texts with books once it is known whose the books are; see `process`. `unpaired`: why others are not."""

    texts: Sequence[Source]
    unpaired: dict[str, str] = field(default_factory=dict)

    def __call__(self, heads: Sequence[BookHead]) -> Mapping[str, Sequence[Source]]:
        mains = _Books([head for head in heads if head.is_main])
        found: defaultdict[str, list[Source]] = defaultdict(list)
        for text in self.texts:
            books, why = mains.of(text)
            for book in books:
                found[book.name].append(text)
            if why:
                self.unpaired[text.name] = why
        return found

    def rows(self) -> Iterator[Raw]:
        """A row for each text that goes with no book."""
        for name, why in self.unpaired.items():
            yield {"文字": name, "结论": UNPAIRED, "原因": why}


class _Books:
    """The books with the tables of a 决算, by what a text may be known by."""

    def __init__(self, mains: Sequence[BookHead]) -> None:
        self._units: defaultdict[str, list[BookHead]] = defaultdict(list)
        self._codes: defaultdict[str, list[BookHead]] = defaultdict(list)
        self._folders: defaultdict[str, list[BookHead]] = defaultdict(list)
        for main in mains:
            self._folders[main.folder].append(main)
            if main.unit:
                self._units[norm(main.unit)].append(main)
            if main.code:
                self._codes[norm(main.code)].append(main)
        self._lengths = sorted(set(map(len, self._units)), reverse=True)

    def of(self, text: Source) -> tuple[list[BookHead], str]:
        """The books of the unit that a text is about; why not, when that cannot be told."""
        place = PurePosixPath(text.name)
        here = self._folders.get(place.parent.as_posix(), [])
        found = self._named(norm(place.stem)) or here
        if len(set(map(_unit, found))) > 1:
            found = [main for main in found if main in here] or found
        units = {_unit(main): main for main in found}
        if len(units) == 1:
            return found, ""
        if not units:
            return [], "没有找到它的工作簿：文件名里写上单位名称，或与工作簿放在一个文件夹里"
        shown = "、".join(sorted(m.name for m in units.values())[:_SHOWN])
        more = "等" if len(units) > _SHOWN else ""
        return [], f"可能是几份工作簿的（{shown}{more}）：文件名里写上单位名称"

    def _named(self, stem: str) -> list[BookHead]:
        """Those whose code, or else whose name, stands in the name of a file; the longest name counts."""
        for code in _CODE.findall(stem):
            if code in self._codes:
                return self._codes[code]
        for length in self._lengths:
            pieces = (stem[at : at + length] for at in range(len(stem) - length + 1))
            if found := next((self._units[p] for p in pieces if p in self._units), None):
                return found
        return []


def _unit(head: BookHead) -> str:
    return head.code or f"{norm(head.unit)} {head.folder}"


def judged(text: Source, validation: Validation) -> Raw:
    """In the worker: a text held against its book, with its findings and its page."""
    row: Raw = {"文字": text.name, "单位名称": validation.reading.report.unit_name}
    try:
        return row | _checked(text, validation)
    except (InputError, WorkbookError) as error:
        return row | {"结论": UNREAD, "原因": _reason(error)}
    except Exception as error:  # whatever a text does, its book stands
        return row | {"结论": UNREAD, "原因": f"程序出错：{type(error).__name__}: {error}"}


def _reason(error: InputError | WorkbookError) -> str:
    if isinstance(error, WorkbookError):
        return str(error)
    return "；".join(f"{p.message}{f'（{p.hint}）' if p.hint else ''}" for p in error.problems)


def _checked(text: Source, validation: Validation) -> Raw:
    from xltool.narrative.book import tables_of
    from xltool.narrative.check import check_narrative
    from xltool.narrative.page import render
    from xltool.narrative.text import load_narrative

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"text{PurePosixPath(text.name).suffix.lower()}"
        copy.write_bytes(content_of(text))
        narrative = replace(load_narrative(copy), file=PurePosixPath(text.name).name)
    result = check_narrative(narrative, tables_of(validation))
    failures = result.failures
    return {
        "结论": result.verdict,
        "数": result.total,
        "核对": result.checked,
        "不符": failures["error"],
        "需核实": failures["warning"],
        "发现": [_finding(found) for found in result.findings],
        "页": render(result, validation),
    }


def _finding(found: Any) -> Raw:
    from xltool.rules.model import LEVELS

    finding = found.finding
    return {
        "规则": finding.rule,
        "级别": LEVELS[finding.level],
        "结论": finding.outcome,
        "章节": found.where.section.title,
        "段": found.where.paragraph.number,
        "原文": found.sentence,
        "内容": finding.message,
        "单元格": "、".join(f"{sheet}!{ref}" for sheet, ref in finding.cells),
        "提示": finding.hint,
    }


def packed(row: Raw) -> bytes:
    """A row as it comes from the worker."""
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace")
