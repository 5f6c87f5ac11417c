"""A file of the corpus, and what must become of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from tests.hostile.bases import filled
from tests.support.compare import contents

GOOD, REFUSED, EITHER = "成功", "失败", "成功 部分 失败"
"""What the table of books may say. EITHER: whatever it is, with a reason unless 成功."""

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
WORKBOOK = "xl/workbook.xml"
STYLES = "xl/styles.xml"


@dataclass(frozen=True)
class Case:
    """A file at `name` below the corpus folder.

    `said` stands in the reason. `facts_of`: a good workbook that has the same facts. `inside`: the entry of an
    archive that the outcome is about.
    """

    name: str
    content: bytes
    state: str = REFUSED
    said: tuple[str, ...] = ()
    facts_of: bytes | None = None
    inside: str = ""

    @property
    def shown(self) -> str:
        """What the table of books calls it."""
        return f"{self.name}!/{self.inside}" if self.inside else self.name


def same(name: str, content: bytes, base: bytes | None = None) -> Case:
    """A file that is read exactly as the good workbook `base`."""
    return Case(name, content, GOOD, facts_of=base or good())


def refused(name: str, content: bytes, *said: str, inside: str = "") -> Case:
    """A file that is not read, and the reason says why."""
    return Case(name, content, REFUSED, said, inside=inside)


def good() -> bytes:
    """The good workbook that most cases are made from."""
    return filled("2024-shanghai", 1)[0]


def packed(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The archive of some parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return target.getvalue()


def changed(part: str, old: str, new: str) -> bytes:
    """The good workbook with the first `old` of a part replaced; `old` must be there."""
    parts = contents(good())
    text = parts[part].decode("utf-8")
    assert old in text, f"{part}: no {old}"
    return packed({**parts, part: text.replace(old, new, 1).encode("utf-8")})


def with_part(part: str, content: bytes) -> bytes:
    """The good workbook with a part added, or put in place of the one of that name."""
    return packed({**contents(good()), part: content})
