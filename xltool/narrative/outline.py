"""The sections of a disclosure, found by their titles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from xltool.narrative.text import Narrative, Paragraph
from xltool.narrative.vocabulary import NarrativeVocabulary, Topic

_ORDINAL = re.compile(
    r"^(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d{1,2}[.、](?!\d))"
)
_PART = re.compile(r"^第[一二三四五六七八九十]+部分")
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


def sections(narrative: Narrative, vocabulary: NarrativeVocabulary) -> list[Section]:
    """The sections of a document in order; what stands before the first title is one without a topic."""
    found = [Section(None, "")]
    parent = ""
    tables = False
    for paragraph in narrative.paragraphs:
        if paragraph.origin != "正文":
            continue
        heading = _heading(paragraph.squeezed.text)
        if _PART.match(paragraph.squeezed.text):
            tables = False
        elif tables:
            found[-1].bodies.append((paragraph, 0))
            continue
        if heading is None:
            found[-1].bodies.append((paragraph, 0))
            continue
        name, start, end, top = heading
        topic = _topic(name, vocabulary, "" if top else parent)
        title = paragraph.written(start, start + len(name))
        if topic is None and not top and not title:
            found[-1].bodies.append((paragraph, 0))
            continue
        if topic is None and not top:
            # a numbered line that is no title, such as an item of a list
            if end == len(paragraph.squeezed.text) and parent:
                found.append(Section(None, title, parent, paragraph))
            else:
                found[-1].bodies.append((paragraph, 0))
            continue
        if top:
            parent = topic.name if topic else ""
        found.append(Section(topic, title, parent, paragraph))
        tables = topic is not None and topic.ignored
        if end < len(paragraph.squeezed.text):
            found[-1].bodies.append((paragraph, end))
    return found


def _heading(text: str) -> tuple[str, int, int, bool] | None:
    """(title without its ordinal, its start, where the body begins, whether it is of the top level), or None."""
    ordinal = _ORDINAL.match(text)
    if ordinal is None:
        bare = text.rstrip("。：")
        is_title = len(bare) <= _LONGEST_TITLE and re.search(r"(情况|说明|情况说明)$", bare)
        return (
            (bare, 0, len(text), True) if is_title and not re.search(r"[，。；\d]", bare) else None
        )
    rest = text[ordinal.end() :]
    title = re.split(r"[。：]", rest, maxsplit=1)[0]
    undated = re.sub(r"20\d\d年度?", "", title)
    if len(title) > _LONGEST_TITLE or re.search(r"\d|，|；|（[类款项]）", undated):
        return None
    end = ordinal.end() + len(title)
    while end < len(text) and text[end] in "。：":
        end += 1
    return title, ordinal.end(), end, bool(_TOP.match(text))


def _topic(title: str, vocabulary: NarrativeVocabulary, parent: str) -> Topic | None:
    """The topic that a title names: one that belongs to the section around it, else any other."""
    inside = _matching(title, vocabulary, parent) if parent else []
    around = inside or _matching(title, vocabulary, "")
    return max(around, key=lambda pair: pair[1])[0] if around else None


def _matching(title: str, vocabulary: NarrativeVocabulary, within: str) -> list[tuple[Topic, int]]:
    return [
        (topic, len(match[0]))
        for topic in vocabulary.topics.values()
        if topic.within == within and (match := topic.titles.search(title))
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
