"""Compare two packages part by part: as packed bytes, as text, or as XML with its meaning.

The functions named assert_… raise AssertionError with one line per difference.
"""

from __future__ import annotations

import io
import re
import struct
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from openpyxl.formula.translate import Translator
from openpyxl.utils import rows_from_range

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULA_TAGS = {"f", "formula", "formula1", "formula2", "definedName"}
LOCAL_HEADER = 30


@dataclass(frozen=True)
class Member:
    """One member as it lies in the archive: its compressed bytes and what the headers say."""

    name: str
    method: int
    packed: bytes
    crc: int
    stamp: tuple[int, int, int, int, int, int]
    extra: bytes
    attributes: int


def members(package: bytes) -> list[Member]:
    """The members of the zip `package`, in the order of its directory."""
    found = []
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        for info in archive.infolist():
            head = info.header_offset
            names, extras = struct.unpack_from("<HH", package, head + 26)
            start = head + LOCAL_HEADER + names + extras
            found.append(
                Member(
                    info.filename,
                    info.compress_type,
                    package[start : start + info.compress_size],
                    info.CRC,
                    info.date_time,
                    package[start - extras : start],
                    info.external_attr,
                )
            )
    return found


def contents(package: bytes) -> dict[str, bytes]:
    """The parts of `package`, unpacked; their checksums are verified on the way."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def assert_untouched(before: bytes, after: bytes, *, touched: Collection[str] = ()) -> None:
    """Every member outside `touched` lies in `after` as in `before`, bit for bit, in its place."""
    old = {member.name: member for member in members(before) if member.name not in touched}
    new = {member.name: member for member in members(after) if member.name not in touched}
    faults = [f"{name}: lost" for name in old.keys() - new.keys()]
    faults += [f"{name}: added" for name in new.keys() - old.keys()]
    faults += [
        f"{name}: {field} differs: {getattr(old[name], field)!r:.80} -> "
        f"{getattr(new[name], field)!r:.80}"
        for name in old.keys() & new.keys()
        for field in Member.__dataclass_fields__
        if getattr(old[name], field) != getattr(new[name], field)
    ]
    if not faults and list(old) != list(new):
        faults.append(f"order of members: {list(old)} -> {list(new)}")
    _fail(sorted(faults))


def assert_only_cells_changed(before: bytes, after: bytes, refs: Collection[str]) -> None:
    """Two sheet parts are equal, element by element and byte by byte, but for the cells `refs`.

    A row may appear for a cell that had none, and the dimension may grow to hold the cells.
    """
    old, new = before.decode(), after.decode()
    rows = {int(re.sub(r"\D", "", ref)) for ref in refs}
    fresh = {row for row in rows if f'<row r="{row}"' not in old}
    old_rest, new_rest = (_without_cells(text, refs, fresh) for text in (old, new))
    dimension = re.search(r'<dimension ref="[^"]*"/>', old_rest)
    if dimension and not all(_inside(ref, dimension.group()) for ref in refs):
        new_rest = re.sub(r'<dimension ref="[^"]*"/>', dimension.group(), new_rest, count=1)
    _fail(list(differences(ET.fromstring(old_rest), ET.fromstring(new_rest))))
    if old_rest != new_rest:
        at = next(
            i
            for i, (a, b) in enumerate(zip(old_rest + "\0", new_rest + "\0", strict=False))
            if a != b
        )
        around = slice(max(0, at - 60), at + 60)
        _fail([f"written anew: {old_rest[around]!r} -> {new_rest[around]!r}"])


def _without_cells(xml: str, refs: Collection[str], fresh: Collection[int]) -> str:
    for ref in refs:
        xml = re.sub(rf'<c [^>]*?\br="{ref}"[^>]*?(?:/>|(?<!/)>.*?</c>)', "", xml, flags=re.DOTALL)
    for row in fresh:
        xml = re.sub(rf'<row r="{row}"[^>]*?(?:/>|></row>)', "", xml)
    return re.sub(r"(<row [^>]*[^/])></row>", r"\1/>", xml)


def _inside(ref: str, dimension: str) -> bool:
    """Whether `ref` stands in a dimension from A1 to some cell of one-letter columns."""
    corner = re.search(r'[:"]([A-Z])(\d+)"', dimension)
    return corner is not None and ref[0] <= corner[1] and int(ref[1:]) <= int(corner[2])


def assert_same_meaning(
    expected: Mapping[str, bytes], actual: Mapping[str, bytes], *, ignore: Collection[str] = ()
) -> None:
    """Two sets of parts say the same: XML by structure (see `canonical`), the rest by bytes."""
    faults = [f"{name}: missing" for name in expected.keys() - actual.keys() - set(ignore)]
    faults += [f"{name}: unexpected" for name in actual.keys() - expected.keys() - set(ignore)]
    for name in sorted((expected.keys() & actual.keys()) - set(ignore)):
        if expected[name] == actual[name]:
            continue
        if name.endswith((".xml", ".rels", ".vml")):
            old, new = (canonical(ET.fromstring(parts[name])) for parts in (expected, actual))
            faults += [f"{name} {fault}" for fault in differences(old, new)]
        else:
            faults.append(f"{name}: bytes differ")
    _fail(faults)


def differences(old: ET.Element, new: ET.Element, path: str = "") -> Iterator[str]:
    """Where two trees differ, one line each. White space between elements does not count."""
    here = f"{path}/{_label(old)}"
    if old.tag != new.tag:
        yield f"{here}: element {_label(old)} -> {_label(new)}"
        return
    for name in sorted({*old.keys(), *new.keys()}):
        if old.get(name) != new.get(name):
            yield f"{here}@{_local(name)}: {old.get(name)!r} -> {new.get(name)!r}"
    for one, other in ((old.text, new.text), (old.tail, new.tail)):
        if _text(one, old) != _text(other, new):
            yield f"{here}: text {one!r:.200} -> {other!r:.200}"
    ours, theirs = ([_label(child) for child in element] for element in (old, new))
    if len(ours) != len(theirs):
        gone, come = _surplus(ours, theirs), _surplus(theirs, ours)
        yield f"{here}: {len(ours)} -> {len(theirs)} children; lost {gone}, added {come}"
        return
    for child, counterpart in zip(old, new, strict=True):
        yield from differences(child, counterpart, here)


def _surplus(these: list[str], those: list[str]) -> list[str]:
    rest = list(those)
    return [x for x in these if x not in rest or rest.remove(x)]  # type: ignore[func-returns-value]


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _label(element: ET.Element) -> str:
    key = next((element.get(k) for k in ("r", "ref", "sqref", "name", "id") if element.get(k)), "")
    return f"{_local(element.tag)}[{key}]" if key else _local(element.tag)


def _text(text: str | None, element: ET.Element) -> str:
    if text is None or (_local(element.tag) != "t" and not text.strip()):
        return ""
    return text


def canonical(root: ET.Element) -> ET.Element:
    """`root`, changed in place, with one spelling for what may be stored in several.

    Shared formulas are written out; merged ranges stand in order; a lost reference has no sheet
    before it; a range of one cell is that cell; a formula cell without value has no type.
    """
    _write_out_shared(root)
    for cell in root.iter(f"{MAIN}c"):
        if cell.find(f"{MAIN}f") is not None and cell.find(f"{MAIN}v") is None:
            cell.attrib.pop("t", None)
    for merges in root.iter(f"{MAIN}mergeCells"):
        merges[:] = sorted(merges, key=lambda merge: str(merge.get("ref")))
    for element in root.iter():
        if _local(element.tag) in FORMULA_TAGS and element.text:
            text = re.sub(r"(?:'[^']*'|[^\s'!(),]+)!#REF!", "#REF!", element.text)
            element.text = re.sub(r"(\$?[A-Z]+\$?\d+):\1(?!\d)", r"\1", text)
        if _local(element.tag) == "Anchor" and element.text:
            element.text = ",".join(part.strip() for part in element.text.split(","))
    return root


def _write_out_shared(root: ET.Element) -> None:
    masters: dict[str, Translator] = {}
    covered: dict[str, set[str]] = {}
    for cell in root.iter(f"{MAIN}c"):
        found = cell.find(f"{MAIN}f")
        if found is None or found.get("t") != "shared":
            continue
        index, ref = str(found.get("si")), str(cell.get("r"))
        if found.text:
            masters[index] = Translator(f"={found.text}", ref)
            covered[index] = {
                name for row in rows_from_range(str(found.get("ref"))) for name in row
            }
        elif ref not in covered.get(index, ()):
            raise AssertionError(f"{ref}: shared formula {index} does not reach this cell")
        else:
            found.text = masters[index].translate_formula(ref)[1:]
        for name in ("t", "si", "ref"):
            found.attrib.pop(name, None)


def _fail(faults: list[str]) -> None:
    if faults:
        raise AssertionError("\n".join([f"{len(faults)} difference(s):", *faults[:40]]))
