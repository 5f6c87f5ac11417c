"""The buttons of the ribbon, from `ribbon.xml`."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

_FILE = Path(__file__).with_name("ribbon.xml")
NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
OLDER_NAMESPACE = "http://schemas.microsoft.com/office/2006/01/customui"


class Button(NamedTuple):
    """A button: what it tells `dispatch`, what people read."""

    tag: str
    label: str
    group: str
    screentip: str
    supertip: str


def ribbon_xml() -> str:
    """The ribbon for Excel 2010 and later."""
    return _FILE.read_text(encoding="utf-8")


def older_ribbon_xml() -> str:
    """The same in the namespace of Excel 2007, which some programs still look for."""
    return ribbon_xml().replace(NAMESPACE, OLDER_NAMESPACE)


def buttons() -> tuple[Button, ...]:
    """All buttons from left to right."""
    root = ElementTree.fromstring(ribbon_xml().encode("utf-8"))
    return tuple(
        Button(
            button.attrib["tag"],
            button.attrib["label"],
            group.attrib["label"],
            button.attrib["screentip"],
            button.attrib["supertip"],
        )
        for group in root.iter(f"{{{NAMESPACE}}}group")
        for button in group.iter(f"{{{NAMESPACE}}}button")
    )
