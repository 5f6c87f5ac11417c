"""The figures of a run, as tables in plain text and as data."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from benchmarks.mutations.measure import Trial
from benchmarks.mutations.trials import Clean

Line = Sequence[str | int]


def percent(part: int, whole: int) -> str:
    """A share with one decimal; — of nothing. Only all is 100.0%."""
    if not whole:
        return "—"
    share = 100 * part / whole
    return f"{min(share, 99.9) if part < whole else share:.1f}%"


def kinds_table(trials: Iterable[Trial]) -> list[Line]:
    """Per kind of slip: how many, how many that rules can see, found, false alarms; suspects; names."""
    lines: list[Line] = [
        ("笔误", "簿", "次数", "可查", "查出", "查出率", "误报", "指出格", "指对", "叫对名")
    ]
    groups: dict[tuple[str, str], list[Trial]] = {}
    for trial in trials:
        groups.setdefault((trial.kind, trial.style), []).append(trial)
    for (kind, style), group in groups.items():
        lines.append((kind, style, *_figures(group)))
    for style in dict.fromkeys(style for _, style in groups):
        figures = [t for t in _all(groups) if t.style == style and t.covered is not None]
        lines.append(("金额笔误合计", style, *_figures(figures)))
    lines.append(("合计", "", *_figures(list(_all(groups)))))
    return lines


def _all(groups: dict[tuple[str, str], list[Trial]]) -> Iterable[Trial]:
    return (trial for group in groups.values() for trial in group)


def _figures(group: Sequence[Trial]) -> Line:
    seen = [t for t in group if t.covered is not False]
    found = [t for t in seen if t.detected]
    named = [t for t in found if t.suspects]
    right = [t for t in named if t.right]
    return (
        len(group),
        len(seen),
        len(found),
        percent(len(found), len(seen)),
        sum(bool(t.alarms) for t in group),
        len(named),
        len(right),
        sum(t.named for t in found),
    )


def rules_table(trials: Sequence[Trial]) -> list[Line]:
    """Per rule: in how many trials it found the slip, in how many it spoke without cause."""
    found = Counter(rule for t in trials for rule in t.rules)
    alarms = Counter(rule for t in trials for rule in set(t.alarms))
    lines: list[Line] = [("规则", "查出笔误", "误报")]
    lines += [(rule, found[rule], alarms[rule]) for rule in sorted(found.keys() | alarms.keys())]
    return lines


def clean_table(cleans: Sequence[Clean]) -> list[Line]:
    """Per style: right books, those with findings of level error, verdicts."""
    lines: list[Line] = [("簿", "本数", "必须相符而不符", "合格", "未完成审核", "不合格")]
    for style in dict.fromkeys(c.style for c in cleans):
        books = [c for c in cleans if c.style == style]
        errors = sum(n for c in books for (_, level), n in c.failures.items() if level == "error")
        verdicts = Counter(c.verdict for c in books)
        lines.append(
            (style, len(books), errors, *(verdicts[v] for v in ("合格", "未完成审核", "不合格")))
        )
    return lines


def warnings_table(cleans: Sequence[Clean]) -> list[Line]:
    """Per rule and level: in how many right books it speaks, and how often."""
    books: Counter[tuple[str, str]] = Counter()
    times: Counter[tuple[str, str]] = Counter()
    for clean in cleans:
        books.update(clean.failures.keys())
        times.update(clean.failures)
    lines: list[Line] = [("规则", "级别", "本数", "次数")]
    lines += [
        (rule, level, books[rule, level], times[rule, level]) for rule, level in sorted(books)
    ]
    return lines


def failed(cleans: Iterable[Clean]) -> list[dict[str, Any]]:
    """The right books that something was said of, or that are not 合格, as data."""
    return [
        {
            "name": clean.name,
            "style": clean.style,
            "rows": clean.rows,
            "verdict": clean.verdict,
            "failures": {" ".join(key): n for key, n in clean.failures.items()},
        }
        for clean in cleans
        if clean.failures or clean.verdict != "合格"
    ]


def missed(trials: Iterable[Trial], wanted: Callable[[Trial], bool]) -> list[dict[str, Any]]:
    """The trials that went wrong in some way, as data."""
    return [as_data(trial) for trial in trials if wanted(trial)]


def as_data(trial: Trial) -> dict[str, Any]:
    """A trial for JSON."""
    return {name: getattr(trial, name) for name in trial.__dataclass_fields__}


def text(lines: Sequence[Line]) -> str:
    """A table in columns; Chinese characters are two wide."""
    rows = [[str(cell) for cell in line] for line in lines]
    widths = [max(_width(row[n]) for row in rows) for n in range(len(rows[0]))]
    shown = []
    for row, line in zip(rows, lines, strict=True):
        cells = []
        for n, cell in enumerate(row):
            blank = " " * (widths[n] - _width(cell))
            number = isinstance(line[n], int) or cell.endswith("%")
            cells.append(blank + cell if number else cell + blank)
        shown.append("  ".join(cells).rstrip())
    return "\n".join(shown)


def markdown(lines: Sequence[Line]) -> str:
    """A table for a document."""
    head, *rows = lines
    shown = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in row)} |" for row in shown)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
