"""What a share is a share of: 占本年支出合计的…, or what the section is about where that is not said."""

from __future__ import annotations

import re
from typing import NamedTuple

from xltool.narrative.roles import only_filling
from xltool.narrative.statements import Subject
from xltool.narrative.subjects import Subjects
from xltool.narrative.vocabulary import Topic

_ALL = re.compile(
    r"(?:(?:全部|全年|全|本年|年度|总|当年)?(?:支出|收入)?)(?:合计|总计|总额|总数|总量)?的?"
)
"""Shares of these are of what the section is about."""
_FISCAL = re.compile(
    r"(?:本年|全年|年度|当年)?(?:一般公共预算|政府性基金|国有资本经营)?(?:预算)?财政拨款(?:预算)?支出(?:合计|总额)?的?"
)


class Base(NamedTuple):
    """What it is a share of; whether the text says so; and what the words may mean besides."""

    whole: Subject | None
    said: bool = False
    other: Subject | None = None


def base_of_share(
    subjects: Subjects, topic: Topic | None, words: str, part: Subject | None
) -> Base:
    """The base that `words` between 占 and the percentage name, in a section on a topic.

    `part`: what the share is one of.
    """
    if (
        words
        and not _ALL.fullmatch(words)
        and not (only_filling(words) and "财政拨款" not in words)
    ):
        found = subjects.named(topic, words, whole=True)
        if found is None and topic is not None and _FISCAL.fullmatch(words):
            # 占本年财政拨款支出: of the kind of money that the section is about
            return Base(subjects.default(topic), True)
        return Base(found.subject if found is not None and found.sure else None, True)
    if topic is not None and topic.rows and part and not words:
        # 农林水支出（占92%）: of the kind of money that the section is about
        about = subjects.default(topic) if topic.subject else None
        return Base(subjects.whole(topic) if part == about else about)
    return Base(subjects.whole(topic), False, _of_year(subjects, topic, words))


def _of_year(subjects: Subjects, topic: Topic | None, words: str) -> Subject | None:
    """The year's income or spending as a whole, of which a section on a part of it may speak as well."""
    kind = re.match(r"(?:全部|本年|全年|年度|当年|总)(收入|支出)", words)
    item = subjects.vocabulary.item(topic, f"本年{kind[1]}合计") if kind else None
    return Subject(item) if item else None
