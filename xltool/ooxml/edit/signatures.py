"""Digital signatures of a whole workbook: any change makes them void, so a changed workbook has none."""

from __future__ import annotations

from xltool.ooxml.package.package import Package

UNSIGNED = "原件有数字签名，改动以后作废，写出的工作簿里没有签名；原件没有动"
"""What is told of a workbook that has lost its signatures."""

_ORIGIN = "digital-signature/origin"
_SIGNATURE = "digital-signature/signature"


def signature_parts(package: Package) -> list[str]:
    """The parts that hold the signatures, the one that names them first. That of macros is none of these."""
    origins = [r.target for r in package.relations("") if r.type.endswith(_ORIGIN)]
    origins = [part for part in origins if package.has(part)]
    signed = [
        relation.target
        for part in origins
        for relation in package.relations(part)
        if relation.type.endswith(_SIGNATURE) and package.has(relation.target)
    ]
    return [*origins, *signed]


def drop_signatures(package: Package) -> None:
    """Take the signatures off, as Excel does when a signed workbook is edited."""
    for part in signature_parts(package):
        package.remove_relations("", part)
        package.remove(part)
