"""What was worked out for one book serves the next of its form, and never a form that drifted."""

from __future__ import annotations

import random
from io import BytesIO

import openpyxl
import pytest
from openpyxl.cell.cell import MergedCell

from tests.recognition.randomforms import Form, draw
from tests.recognition.test_random_forms import bound, faults
from tests.support.editing import saved
from xltool.core.caches import inventory
from xltool.core.problems import InputError
from xltool.reading import examine

SEEDS = 40


def forget() -> None:
    """Forget all that was worked out from labels."""
    for cache in inventory():
        if cache.name.startswith("xltool.mapping.") and "vocabulary" not in cache.name:
            cache.clear()


def seen(content: bytes) -> object:
    """Everything that reading says of a workbook."""
    try:
        reading = examine(content)
    except InputError as error:
        return sorted(map(str, error.problems))
    told = sorted(map(str, [*reading.problems, *reading.report.unread, *reading.unmatched]))
    return (
        sorted(map(str, bound(reading))),
        told,
        [list(s.heads.items()) for s in reading.found_tables],
    )


def moved(form: Form) -> list[Form]:
    """The same form with the same labels, all of it elsewhere or with rows between."""
    style = form.style
    return [
        draw(form.seed, blank_left=1 - style.blank_left),
        draw(form.seed, numbers=not style.numbers),
        draw(form.seed, heads="bracket" if style.heads != "bracket" else "line"),
        draw(form.seed, ordinals=not style.ordinals),
    ]


@pytest.mark.parametrize("first", range(0, SEEDS // 2, 10))
def test_a_form_that_moved_is_read_where_it_is(first: int) -> None:
    told = []
    for seed in range(first, first + 10):
        form = draw(seed)
        for number, other in enumerate([form, *moved(form), form]):
            told += [
                f"seed {seed}, {number}: {fault}" for fault in faults(other, examine(other.content))
            ]
    assert told == []


def spoilt(content: bytes, seed: int) -> bytes:
    """A workbook in which a few texts changed places, went, or stand where none was."""
    chance = random.Random(seed)
    book = openpyxl.load_workbook(BytesIO(content))
    for ws in book:
        cells = [c for row in ws.iter_rows() for c in row if not isinstance(c, MergedCell)]
        texts = [cell for cell in cells if isinstance(cell.value, str)]
        for _ in range(chance.randint(1, 3)):
            if not texts:
                break
            one, other = chance.choice(texts), chance.choice(texts)
            match chance.randint(0, 3):
                case 0:
                    one.value, other.value = other.value, one.value
                case 1:
                    one.value = None
                case 2:
                    one.value = other.value
                case _:
                    chance.choice(cells).value = other.value
            texts = [cell for cell in texts if isinstance(cell.value, str)]
    return saved(book)


@pytest.mark.parametrize("first", range(0, SEEDS, 10))
def test_what_is_remembered_never_changes_what_is_read(first: int) -> None:
    for seed in range(first, first + 10):
        content = draw(seed).content
        other = spoilt(content, seed)
        forget()
        alone = seen(other)
        seen(content)
        assert seen(other) == alone, seed
