"""Sentences that people wrote in the manner of four provinces: right ones pass, each changed word is found.

    python benchmarks/paraphrases.py

The texts of tests/data/narratives are on one unit, whose tables of two years and facts stand beside them. Every
number, every word of direction and every name of a 科目 in them is changed, one at a time.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from xltool.documents.load import load
from xltool.narrative.book import tables_of, validated_report
from xltool.narrative.check import NarrativeCheck, check_narrative
from xltool.narrative.facts import NarrativeFacts, load_facts
from xltool.narrative.tables import Tables
from xltool.narrative.text import Narrative, Paragraph

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "data" / "narratives"
_OPPOSITES = (
    ("增加", "减少"),
    ("增长", "下降"),
    ("上升", "下降"),
    ("大于", "小于"),
    ("高于", "低于"),
    ("超出", "低于"),
    ("增幅", "降幅"),
    ("多支出", "少支出"),
    ("增收", "减收"),
    ("节约", "超支"),
)
_OPPOSITE = {**{b: a for a, b in _OPPOSITES}, **dict(_OPPOSITES)}
_DIRECTION = re.compile("|".join(sorted(_OPPOSITE, key=len, reverse=True)))
_REASON = re.compile(r"(?:原因是|原因|系|因|主要是|用于|追加|为抽检招标)[^，。；]*$")
"""What stands behind these is a reason or a purpose: no statement on figures."""
_INCOMES = ("财政拨款收入", "事业收入", "上级补助收入", "其他收入")
_TITLE = re.compile(r"^[一二三四五六七八九十]+、|^（[一二三四五六七八九十]+）[^。]*$|^第.部分")


class Planted(NamedTuple):
    """A text with one thing changed: its kind, the line and what stands there now."""

    kind: str
    lines: tuple[str, ...]
    line: int
    words: str


@lru_cache(maxsize=1)
def unit() -> tuple[Tables, NarrativeFacts]:
    """The unit's tables, with last year's, and its facts."""
    report, edition = load(FOLDER / "2023.json")
    prior, _ = load(FOLDER / "2022.json")
    return tables_of(validated_report(report, edition, prior=prior)), load_facts(
        FOLDER / "事实.yaml"
    )


def written() -> Iterator[tuple[str, list[str]]]:
    """Each text: its province and its lines."""
    for path in sorted(FOLDER.glob("*.txt")):
        yield path.stem, path.read_text(encoding="utf-8").splitlines()


def checked(lines: list[str] | tuple[str, ...]) -> NarrativeCheck:
    """The check of a text on the unit."""
    paragraphs = [Paragraph(n, line) for n, line in enumerate(lines, 1) if line.strip()]
    return check_narrative(Narrative("说明.txt", tuple(paragraphs)), *unit())


def faults(result: NarrativeCheck) -> Counter[tuple[str, str]]:
    """What does not hold or is worth a look: rule and message."""
    return Counter(
        (f.finding.rule, f.finding.message)
        for f in result.findings
        if f.finding.outcome == "不符" and f.finding.level != "info"
    )


def planted(lines: list[str]) -> Iterator[Planted]:
    """The text with one number, word of direction or name changed, each in turn."""
    yield from _numbers(lines)
    names = _names()
    for n, line in enumerate(lines):
        for match in _DIRECTION.finditer(line):
            if not _REASON.search(line[: match.start()]):
                yield _changed("方向", lines, n, match.span(), _OPPOSITE[match[0]])
        for match in names.finditer(line):
            if not _TITLE.match(line) and not re.search(
                "(?:系|追加|用于缴存)$", line[: match.start()]
            ):
                yield _changed("名称", lines, n, match.span(), _other(match, line))


def _numbers(lines: list[str]) -> Iterator[Planted]:
    kinds = {"amount": "金额", "percent": "百分数", "count": "个数", "score": "得分"}
    for statement in checked(lines).document.statements:
        offsets, token = statement.paragraph.squeezed.offsets, statement.token
        start = offsets[token.start]
        line = lines[statement.paragraph.number - 1]
        digits = re.match(r"[\d,]+", line[start:])
        assert digits is not None
        old = digits[0]
        new = old[:-1] + str((int(old[-1]) + 3) % 10)
        span = (start, start + len(old))
        yield _changed(kinds[token.kind], lines, statement.paragraph.number - 1, span, new)


def _names() -> re.Pattern[str]:
    tables = unit()[0]
    found = {row.name for alias in ("一般公共", "基本支出") for row in tables.rows(alias)}
    words = sorted(found | set(_INCOMES), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def _other(match: re.Match[str], line: str) -> str:
    """A name of the same kind that the tables have no figure for."""
    if match[0] in _INCOMES:
        return "经营收入"
    economic = match[0] in {row.name for row in unit()[0].rows("基本支出")}
    if economic and "（项）" not in line[match.end() : match.end() + 4]:
        return "取暖费"
    return "债务付息支出" if match[0].endswith("支出") else "档案事务"


def _changed(kind: str, lines: list[str], n: int, span: tuple[int, int], new: str) -> Planted:
    line = lines[n]
    made = line[: span[0]] + new + line[span[1] :]
    return Planted(
        kind, (*lines[:n], made, *lines[n + 1 :]), n, f"{line[: span[0]][-16:]}【{new}】"
    )


def main() -> None:
    """Print what passes, and how many changes of each kind are found."""
    tried: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for province, lines in written():
        result = checked(lines)
        clean = faults(result)
        sys.stdout.write(
            f"{province}：核对 {result.checked}/{result.total}，误报 {sum(clean.values())}\n"
        )
        for one in planted(lines):
            tried[one.kind] += 1
            if faults(checked(one.lines)) - clean:
                found[one.kind] += 1
            else:
                sys.stdout.write(f"漏报 {province} {one.kind} {one.words}\n")
    for kind, count in tried.items():
        sys.stdout.write(f"{kind}\t{found[kind]}/{count}\n")


if __name__ == "__main__":
    main()
