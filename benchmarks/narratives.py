"""Texts written from right tables must pass; a planted slip of each kind must be found.

    python benchmarks/narratives.py [--documents N] [--mutated M] [--seed S]

Writes the 情况说明 of N documents drawn by chance (with last year's tables and made-up facts), checks each, then
changes one number, share, direction word or name at a time in the texts of the first M of them.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.mutations.books import draw
from xltool.documents.load import from_raw
from xltool.narrative.check import NarrativeCheck, check_narrative
from xltool.narrative.facts import NarrativeFacts
from xltool.narrative.tables import Tables
from xltool.narrative.text import Narrative, Paragraph
from xltool.narrative.writing.compose import compose, styles

Change = Callable[[str, random.Random], str | None]


def _digit(text: str) -> str:
    """A number with one digit changed, never to the same value."""
    at = max(
        i
        for i, sign in enumerate(text)
        if sign.isdigit() and i < (text.find(".") if "." in text else len(text))
    )
    return text[:at] + str((int(text[at]) + 3) % 10) + text[at + 1 :]


def _pattern(pattern: str, new: Callable[[re.Match[str]], str]) -> Change:
    def change(text: str, rng: random.Random) -> str | None:
        found = list(re.finditer(pattern, text))
        if not found:
            return None
        match = rng.choice(found)
        return text[: match.start()] + new(match) + text[match.end() :]

    return change


_OPPOSITE = {
    "增加": "减少",
    "减少": "增加",
    "大于": "小于",
    "小于": "大于",
    "增长": "下降",
    "下降": "增长",
}

KINDS: dict[str, Change] = {
    "金额": _pattern(r"\d+\.\d\d(?=万元)", lambda m: _digit(m[0])),
    "占比": _pattern(r"(?<=占)\d+\.\d\d(?=%)|(?<=的)\d+\.\d\d(?=%)", lambda m: _digit(m[0])),
    "增减率": _pattern(r"(?<=增长|下降)\d+\.\d\d(?=%)", lambda m: _digit(m[0])),
    "方向": _pattern(
        r"(?<=与\d{4}年度相比，)[^，。]*?(?:增加|减少)", lambda m: m[0][:-2] + _OPPOSITE[m[0][-2:]]
    ),
    "大于小于": _pattern(r"决算数(大于|小于)", lambda m: "决算数" + _OPPOSITE[m[1]]),
    "科目": _pattern(r"(?<=方面：)[^（]+（类）", lambda m: "援助其他地区支出（类）"),
    "年度": _pattern(r"(?<=与)\d{4}(?=年度相比)", lambda m: str(int(m[0]) - 1)),
}


def texts(seed: int, count: int) -> Iterator[tuple[Tables, NarrativeFacts, str]]:
    """Tables, facts and the text written of each document, in one style after the other."""
    known = list(styles().values())
    for number in range(count):
        raw, rng = draw(seed, number)
        _without_reason(raw)
        from xltool.narrative.book import tables_of, validated_report

        report, edition = from_raw(raw)
        last = replace(report, year=report.year - 1, tables=from_raw(_like(raw, rng))[0].tables)
        validation = validated_report(report, edition, prior=last)
        tables = tables_of(validation)
        facts = NarrativeFacts(_facts(tables, rng))
        yield tables, facts, compose(tables, facts, known[number % len(known)]).text


def _without_reason(raw: dict[str, Any]) -> None:
    """The reasons in a drawn evaluation form are random words: no text can agree with them."""
    for row in raw["表"].get("部门整体绩效自评表", {}).get("预算情况", {}).values():
        row.pop("偏差原因", None)


def _like(raw: object, rng: random.Random) -> object:
    """The document with every figure somewhat smaller or larger: last year's."""
    from decimal import Decimal

    if isinstance(raw, dict):
        return {
            key: value if key in ("年度", "科目编码") else _like(value, rng)
            for key, value in raw.items()
        }
    if isinstance(raw, list):
        return [_like(value, rng) for value in raw]
    if isinstance(raw, Decimal):
        return (raw * Decimal(rng.randrange(70, 130)) / 100).quantize(Decimal("0.01"))
    return raw


def _facts(tables: Tables, rng: random.Random) -> dict[str, object]:
    from decimal import Decimal

    reasons: dict[str, str] = {}
    budgets: dict[str, Decimal] = {}
    for row in tables.rows("一般公共"):
        reasons[row.code] = "业务安排调整"
        budgets[row.code] = Decimal(rng.randrange(1, 9_000_000)) / 100
    names = ("收支总计", "财政拨款收支总计", "一般公共支出", "三公合计", "机关运行经费")
    travel = ("因公出国（境）费", "公务用车购置及运行费", "公务接待费")
    return {
        "原因": {**dict.fromkeys((*names, *travel), "业务安排调整"), **reasons},
        "年初预算": budgets,
    }


def checked(text: str, tables: Tables, facts: NarrativeFacts) -> NarrativeCheck:
    """The check of a text."""
    lines = [Paragraph(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    return check_narrative(Narrative("说明.txt", tuple(lines)), tables, facts)


def faults(result: NarrativeCheck) -> Counter[tuple[str, str]]:
    """What does not hold: rule and message."""
    return Counter(
        (f.finding.rule, f.finding.message)
        for f in result.findings
        if f.finding.outcome == "不符" and f.finding.rule != "N0-09"
    )


def say(*words: object) -> None:
    """A line of output."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--mutated", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    clean = numbers = unchecked = 0
    found: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    for n, (tables, facts, text) in enumerate(texts(options.seed, options.documents)):
        result = checked(text, tables, facts)
        wrong = faults(result)
        clean += not wrong
        numbers += result.total
        unchecked += result.total - result.checked
        for fault in wrong:
            say("误报", n, *fault)
        for statement in result.unchecked:
            say("没有核对", n, statement.words, statement.sentence_text)
        if n >= options.mutated:
            continue
        rng = random.Random(f"{options.seed}-{n}")
        for kind, change in KINDS.items():
            for _ in range(3):
                changed = change(text, rng)
                if changed is None:
                    continue
                tried[kind] += 1
                new = faults(checked(changed, tables, facts)) - wrong
                found[kind] += bool(new)
                if not new:
                    line = next(
                        a
                        for a, b in zip(changed.splitlines(), text.splitlines(), strict=True)
                        if a != b
                    )
                    say("漏报", n, kind, line)
    say(f"没有发现的文字：{clean}/{options.documents}；数 {numbers} 个，没有核对的 {unchecked} 个")
    for kind, count in tried.items():
        say(f"{kind}\t{found[kind]}/{count}")


if __name__ == "__main__":
    main()
