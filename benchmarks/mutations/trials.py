"""The trials: each kind of slip in the books of a document; right books by themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from benchmarks.mutations.books import Book, Spot, Style, books, draw, with_prior
from benchmarks.mutations.changes import CHANGES
from benchmarks.mutations.figures import FIGURES, LAST_YEAR, FigureSlip, Typed, write
from benchmarks.mutations.measure import Checked, Expectation, Trial, changed_by
from benchmarks.mutations.slip import Change
from tests.support.editing import edited

SEVERAL = "2至3处同时"
_ATTEMPTS = 30
_EXACT_EVERY = 3


@dataclass(frozen=True)
class Clean:
    """A right book, validated: what it was given as failures, by rule and level (待确认: what only a
    person can say), and the verdict."""

    name: str
    style: Style
    rows: int
    failures: Counter[tuple[str, str]]
    verdict: str


def style_of(number: int, raw_exact: bool) -> tuple[Style, ...]:
    """The styles that a document is tried in. Formulas add up exact amounts only: rounded ones leave residues."""
    return ("公式簿", "数值簿") if raw_exact else ("数值簿",)


def is_exact(number: int) -> bool:
    """Whether the document of a number has exact amounts."""
    return number // _EXACT_EVERY % 2 == 0


def clean_trials(seed: int, number: int) -> list[Clean]:
    """The books of a document as they are."""
    raw, _ = draw(seed, number)
    style: Style = "公式簿" if is_exact(number) else ("混合簿", "数值簿")[number % 2]
    found = []
    for book in books(raw, style):
        failed = [f for f in book.clean.findings if f.outcome == "不符" and f.level != "info"]
        counts = Counter((f.rule, "待确认" if f.confirm else f.level) for f in failed)
        rows = len(raw["表"]["支出决算表"]["明细"])
        name = f"{raw['版本']} {number}"
        found.append(Clean(name, style, rows, counts, book.clean.verdict))
    return found


def slip_trials(seed: int, number: int, kinds: frozenset[str] = frozenset()) -> list[Trial]:
    """Every kind of slip once in each style of a document's first book (or in its second, where it has one)."""
    raw, _ = draw(seed, number)
    found: list[Trial] = []
    for style in style_of(number, is_exact(number)):
        sets = books(raw, style)
        rng = Random(f"{seed} {number} {style}")
        for slip in (*FIGURES, *CHANGES):
            if kinds and slip.name not in kinds:
                continue
            first = isinstance(slip, Change) or rng.random() < 0.85
            book = sets[0] if first else sets[-1]
            chance = Random(f"{seed} {number} {style} {slip.name}")
            found += one(book, slip, chance)
        if not kinds or SEVERAL in kinds:
            found += several(sets[0], Random(f"{seed} {number} {style}"))
    return found


def one(book: Book, slip: FigureSlip | Change, rng: Random) -> Iterator[Trial]:
    """A slip of one kind; nothing where it cannot be made."""
    if isinstance(slip, FigureSlip):
        book = with_prior(book, rng) if slip.name == LAST_YEAR else book
        drawn = _drawn(book, slip, rng)
        if drawn is not None:
            spot, typed = drawn
            data = book.edited(lambda editor: write(editor, spot, typed))
            yield Checked(book, data).trial(Expectation(slip.name, (spot.cell,), words=slip.words))
        return
    made = slip.make(book, rng) if book.style in slip.styles else None
    if made is not None:
        if isinstance(made.edit, bytes):
            data = made.edit
        else:
            data = book.edited(made.edit) if made.recalculated else edited(book.data, made.edit)
        yield Checked(book, data).trial(Expectation(slip.name, made.cells, slip.rules, slip.words))


def several(book: Book, rng: Random) -> Iterator[Trial]:
    """Two or three wrong figures at once, each judged by itself."""
    drawn: dict[tuple[str, str], tuple[FigureSlip, Spot, Typed]] = {}
    for slip in rng.sample([s for s in FIGURES if s.name != LAST_YEAR], rng.choice((2, 3))):
        found = _drawn(book, slip, rng)
        if found is not None:
            drawn[found[0].cell] = (slip, *found)
    if len(drawn) < 2:
        return

    def all_of_them(editor: object) -> None:
        for _, spot, typed in drawn.values():
            write(editor, spot, typed)  # type: ignore[arg-type]

    checked = Checked(book, book.edited(all_of_them))
    for cell, (slip, spot, typed) in drawn.items():
        alone = book.edited(lambda editor, s=spot, t=typed: write(editor, s, t))  # type: ignore[misc]
        expected = Expectation(SEVERAL, (cell,), (), slip.words, changed_by(book, alone))
        yield checked.trial(expected, tuple(drawn))


def _drawn(book: Book, slip: FigureSlip, rng: Random) -> tuple[Spot, Typed] | None:
    """A cell, tables being equally likely, and what is typed there."""
    tables = sorted({spot.place[0] for spot in book.inputs})
    for _ in range(_ATTEMPTS if tables else 0):
        table = rng.choice(tables)
        spot = rng.choice([s for s in book.inputs if s.place[0] == table])
        typed = slip.wrong(book, spot, rng)
        if typed is not None:
            return spot, typed
    return None
