"""The sections of a disclosure, found by their titles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from xltool.narrative.text import Narrative, Paragraph
from xltool.narrative.vocabulary import NarrativeVocabulary, Topic

_ORDINAL = re.compile(
    r"^(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d{1,2}[.、](?!\d))"
)
_PART = re.compile(r"^第[一二三四五六七八九十]+部分")
_NAMED = re.compile(r"(?:情况|说明|概况|名词解释)$")
_LONGEST_TITLE = 45
_TOP = re.compile(r"^(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、)")


@dataclass(slots=True)
class Section:
    """A title with what follows it. `parent` is the topic of the section that it belongs to."""

    topic: Topic | None
    title: str
    parent: str = ""
    heading: Paragraph | None = None
    bodies: list[tuple[Paragraph, int]] = field(default_factory=list)
    """Paragraphs with the offset (in the squeezed text) at which the body begins, behind a title on the same line."""


class _Heading(NamedTuple):
    """A title without its ordinal, its start, and where the body begins. `bare`: it has no ordinal."""

    title: str
    start: int
    end: int
    top: bool
    bare: bool = False


def sections(narrative: Narrative, vocabulary: NarrativeVocabulary) -> list[Section]:
    """The sections of a document in order; what stands before the first title is one without a topic.

    A footnote is a section of its own, of the topic of the section that it stands in.
    """
    found = [Section(None, "")]
    at: dict[int, Section] = {}
    notes: list[Section] = []
    for paragraph in narrative.paragraphs:
        if paragraph.origin == "脚注":
            around = at.get(paragraph.anchor, found[0])
            notes.append(Section(around.topic, around.title, around.parent, None, [(paragraph, 0)]))
        elif paragraph.origin in ("正文", "标题"):
            _add(found, paragraph, vocabulary)
            at[paragraph.number] = found[-1]
    return found + notes


def _add(found: list[Section], paragraph: Paragraph, vocabulary: NarrativeVocabulary) -> None:
    """A paragraph begins a section, or belongs to the last one."""
    text, last = paragraph.squeezed.text, found[-1]
    heading = _heading(text, marked=paragraph.origin == "标题")
    if last.topic is not None and last.topic.ignored and not _PART.match(text):
        heading = None
    if heading is None:
        last.bodies.append((paragraph, 0))
        return
    topic = _topic(heading.title, vocabulary, "" if heading.top else last.parent)
    if (
        heading.bare
        and last.parent
        and (inside := _matching(heading.title, vocabulary, last.parent))
    ):
        # a title without its ordinal may be that of a part of the section
        topic, heading = inside[0][0], heading._replace(top=False)
    title = paragraph.written(heading.start, heading.start + len(heading.title))
    ends = heading.end == len(text)
    if topic is None and (heading.bare and paragraph.origin == "标题" and not _NAMED.search(title)):
        last.bodies.append((paragraph, 0))
        return
    if topic is None and not heading.top:
        # a numbered line that is no title, such as an item of a list
        if title and ends and last.parent:
            found.append(Section(None, title, last.parent, paragraph))
        else:
            last.bodies.append((paragraph, 0))
        return
    parent = (topic.name if topic else "") if heading.top else last.parent
    found.append(Section(topic, title, parent, paragraph))
    if not ends:
        found[-1].bodies.append((paragraph, heading.end))


def _heading(text: str, *, marked: bool) -> _Heading | None:
    """The title that a paragraph is or begins with; `marked`: the document says that it is one."""
    ordinal = _ORDINAL.match(text)
    if ordinal is None:
        bare = text.rstrip("。：")
        is_title = len(bare) <= _LONGEST_TITLE and (marked or _NAMED.search(bare))
        undated = re.sub(r"20\d\d年度?", "", bare)
        if not is_title or re.search(r"[，。；\d]|（[类款项]）", undated):
            return None
        return _Heading(bare, 0, len(text), True, True)
    rest = text[ordinal.end() :]
    title = re.split(r"[。：]", rest, maxsplit=1)[0]
    undated = re.sub(r"20\d\d年度?", "", title)
    if len(title) > _LONGEST_TITLE or re.search(r"\d|，|；|（[类款项]）", undated):
        return None
    end = ordinal.end() + len(title)
    while end < len(text) and text[end] in "。：":
        end += 1
    return _Heading(title, ordinal.end(), end, bool(_TOP.match(text)))


def _topic(title: str, vocabulary: NarrativeVocabulary, parent: str) -> Topic | None:
    """The topic that a title names: one that belongs to the section around it, else any other."""
    inside = _matching(title, vocabulary, parent) if parent else []
    around = inside or _matching(title, vocabulary, "")
    return max(around, key=lambda pair: pair[1])[0] if around else None


def _matching(title: str, vocabulary: NarrativeVocabulary, within: str) -> list[tuple[Topic, int]]:
    return [
        (topic, len(match[0]))
        for topic in vocabulary.topics.values()
        if topic.within == within and (match := topic.titles.search(title.removeprefix("关于")))
    ]


def sentences(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Where each sentence of a squeezed text begins and ends, from `start` on."""
    begin = start
    for match in re.finditer(r"[。！？]", text[start:]):
        end = start + match.end()
        yield begin, end
        begin = end
    if begin < len(text):
        yield begin, len(text)
