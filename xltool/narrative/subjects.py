"""Which item or table row a stretch of words names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from xltool.core.codes import CODE_LEVELS
from xltool.narrative.statements import Statement, Subject
from xltool.narrative.tables import TableRow, Tables, by_name
from xltool.narrative.vocabulary import Item, NarrativeVocabulary, Topic
from xltool.narrative.words import plain

_LEVEL = re.compile(r"（(?P<level>[类款项])级?(?:科目)?）(?:支出)?")
_MODIFIER = re.compile(
    r"(?:20\d\d年?度?|本年度?|年度|年|当年|本单位|本部门|我单位|我部门|我[局委院校区市县办所站中心]|全?部门|单位|其中|"
    r"主要|包括|用于|以下方面|财政拨款|一般公共预算|政府性基金预算|国有资本经营预算|安排|的|：|、|和|及|，|与|上年度?|年初|全年|决算|支出|中|共|在|本|各项|"
    r"比|较|相比|度|同期|去年|是|有|“|（|一|二|三|四|五|六|七|八|九|十|\d|[.）])*"
)
_PARTS = ("基本支出", "项目支出")
_FRAME = re.compile(r"(?:支出|收入)?(?:决算)?中[，：]")
"""Behind a subject these say that its parts follow."""
_NEVER = re.compile(r"(?!)")
_LISTED = re.compile(
    r"(?P<what>.+?)(?:主要)?(?:包括|包含)[^。；]+?等(?:支出|费用|方面)?(?:为|共)?$"
)
_SHORTEST = 3
"""A name of a 科目 with fewer characters is found in other words too easily."""


class Named(NamedTuple):
    """What words name. `sure`: nothing unknown qualifies it in its clause; `rest`: the words that follow it."""

    subject: Subject
    sure: bool
    rest: str
    by_levels: bool = False

    @property
    def at_end(self) -> bool:
        """Nothing follows it."""
        return not self.rest


class _Hit(NamedTuple):
    """A match, in the order of preference: the last one, of those the longest, of those the topic's own."""

    end: int
    reach: int
    own: bool
    start: int
    subject: Subject


class Subjects:
    """Finds subjects in the words of a topic, by the vocabulary and the rows of the tables."""

    def __init__(self, vocabulary: NarrativeVocabulary, tables: Tables) -> None:
        self.vocabulary, self.tables = vocabulary, tables
        self._unit = plain(tables.report.unit_name)
        self._names: dict[str, dict[str, list[TableRow]]] = {}
        self._others: dict[str, list[str]] = {}

    def default(self, topic: Topic) -> Subject:
        """What a section speaks of where nothing else is named."""
        return Subject(self.vocabulary.item(topic, topic.subject))

    def whole(self, topic: Topic | None) -> Subject | None:
        """What shares in a section are shares of, where the text does not say."""
        item = self.vocabulary.item(topic, topic.whole) if topic and topic.whole else None
        return Subject(item) if item else None

    def named(
        self,
        topic: Topic | None,
        words: str,
        current: Subject | None = None,
        beside: tuple[str, ...] = (),
        whole: bool = False,
        said: Statement | None = None,
    ) -> Named | None:
        """The last thing that `words` name, or None. `beside`: the count before them, what stands around brackets.

        `said`: the amount of it, which tells which of two is meant where both bear the name.
        """
        if (by_levels := self._by_levels(topic, words)) is not None:
            return by_levels
        if listed := _LISTED.match(words):
            # 工资福利支出包括基本工资、奖金等支出: of what stands before its parts
            words = listed["what"]
        hits = [*self._items(topic, words, beside, whole), *self._rows(topic, words)]
        hits = [hit for hit in hits if not _FRAME.match(words[hit.end :])]
        if not hits:
            return None
        hit = max(hits, key=lambda h: h[:4])
        subject = hit.subject
        if subject.item and subject.item.either:
            subject = self._meant(topic, subject.item.either, said)
        below = current is not None and current.row is not None and "性质" not in words
        if below and current and subject.item and (part := _part(subject.item)):
            # below a 科目, 基本支出 and 项目支出 are its own
            subject = Subject(row=current.row, column=part)
        return Named(subject, self._unqualified(topic, words[: hit.start]), words[hit.end :])

    def _meant(
        self, topic: Topic | None, names: tuple[str, ...], said: Statement | None
    ) -> Subject:
        """Of items with one name the one whose figure is said, else the first."""
        items = [item for name in names if (item := self.vocabulary.item(topic, name))]
        for item in items if said is not None else ():
            figure = self.tables.figure(item.figure)
            if said and figure and figure.value is not None and said.repeats(figure.value):
                return Subject(item)
        return Subject(items[0])

    def counted(
        self, topic: Topic | None, words: str, unit: str, after: str, current: Subject | None
    ) -> Subject | None:
        """What a count is a count of: by the words around it, else by what the text speaks of."""
        if topic is None:
            return None
        own = [c for c in self.vocabulary.counts if topic.name in c.topics and unit in c.units]
        found = [c for c in own if c.said(words, after)]
        if not found and current is not None:
            found = [c for c in own if current.name in c.subjects]
        return Subject(Item(found[0].name, _NEVER, fact=found[0].fact)) if found else None

    def _items(
        self, topic: Topic | None, words: str, beside: tuple[str, ...], whole: bool
    ) -> Iterator[_Hit]:
        own = topic.items if topic else {}
        common = {} if topic and topic.own_only and not whole else self.vocabulary.common
        for item in (*own.values(), *common.values()):
            if item.beside and item.beside not in beside:
                continue
            for match in item.words.finditer(words):
                if match[0]:
                    start, end = match.span()
                    yield _Hit(end, end - start, item.name in own, start, Subject(item))

    def _rows(self, topic: Topic | None, words: str) -> Iterator[_Hit]:
        if topic is None or not topic.rows:
            return
        for name, rows in self._known(topic.rows).items():
            at = words.rfind(name)
            if at >= 0 and len(name) >= _SHORTEST and len(rows) == 1:
                end = at + len(name)
                yield _Hit(end, len(name), False, at, Subject(row=rows[0]))

    def _by_levels(self, topic: Topic | None, words: str) -> Named | None:
        """A 科目 named with its levels: 卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）."""
        if topic is None or not topic.rows:
            return None
        named: dict[str, tuple[str, int]] = {}
        start = 0
        for mark in _LEVEL.finditer(words):
            named[mark["level"]] = (words[start : mark.start()], mark.end())
            start = mark.end()
        if not named:
            return None
        path = [named[level][0] for level in CODE_LEVELS if level in named]
        lowest = next(level for level in reversed(CODE_LEVELS) if level in named)
        row = self.row(topic.rows, path, CODE_LEVELS.index(lowest))
        subject = Subject(row=row) if row else Subject(lacking="·".join(map(_clause, path)))
        sure = row is not None or bool(self.tables.rows(topic.rows))
        return Named(subject, sure, words[named[lowest][1] :], True)

    def row(self, alias: str, path: list[str], level: int) -> TableRow | None:
        """The row of a level (0: 类) whose name ends these words; where several have it, by the names above.

        The words before a name (其中：, an ordinal) are part of no name: names may hold brackets and commas.
        """
        words = bare(path[-1])
        found = [
            row
            for name, rows in self._known(alias).items()
            if words == name or words.endswith(name)
            for row in rows
            if len(row.path) == level
        ]
        longest = max((len(bare(row.name)) for row in found), default=0)
        found = list(dict.fromkeys(row for row in found if len(bare(row.name)) == longest))
        if len(found) > 1:
            above = "".join(map(bare, path[:-1]))
            found = [row for row in found if all(bare(name) in above for name in row.path)]
        return found[0] if len(found) == 1 else None

    def _known(self, alias: str) -> dict[str, list[TableRow]]:
        if alias not in self._names:
            self._names[alias] = dict(by_name(self.tables.rows(alias)))
        return self._names[alias]

    def foreign(self, topic: Topic | None, words: str) -> Named | None:
        """A 科目 of the code list at the end of `words` that this section has no place for."""
        own = topic.items.values() if topic else ()
        bare_words = (words, re.sub(r"(?:支出|费用)?(?:决算)?数?(?:为|是)?$", "", words))
        if topic is None:
            return None
        for alias in topic.foreign:
            for name in self._official(alias):
                end = next((w for w in bare_words if w.endswith(name)), None)
                if end is None or any(item.words.search(name) for item in own):
                    continue
                if name.startswith("其他") and not topic.rows:
                    continue
                if name not in topic.may_name:
                    # where there is no list of rows it is only worth a look, whatever qualifies it
                    sure = not topic.rows or self._unqualified(topic, end[: -len(name)])
                    return Named(Subject(lacking=name), sure, "")
        return None

    def _official(self, alias: str) -> list[str]:
        """The names of functional 类, or of the lowest economic 科目, that the table does not have."""
        if alias not in self._others:
            names = [
                plain(name)
                for codes in self.tables.code_lists(alias)
                for name in codes.names(3 if len(codes.levels) > 2 else codes.levels[-1])
            ]
            known = self._known(alias)
            self._others[alias] = [n for n in names if n not in known and len(n) >= _SHORTEST]
        return self._others[alias]

    def _unqualified(self, topic: Topic | None, before: str) -> bool:
        """Whether the words of the clause before a match leave what it names as it is."""
        clause = before
        for cut in "，。；：、）":
            clause = clause.rpartition(cut)[2]
        if self._unit:
            clause = clause.replace(self._unit, "")
        if clause.endswith(("和", "及", "与")) and topic is not None:
            # of several that are said to be the same, the last one counts
            for item in (*topic.items.values(), *self.vocabulary.common.values()):
                clause = item.words.sub("", clause)
        return bool(_MODIFIER.fullmatch(clause))


def bare(name: str) -> str:
    text = plain(name).replace("“", "")
    return text.removesuffix("支出") or text


def _clause(words: str) -> str:
    """What of the words before a level is its name, as far as signs tell."""
    return re.split(r"[。，；：]", words)[-1].lstrip("0123456789、.（）").strip("“")


def _part(item: Item) -> str:
    return next((part for part in _PARTS if item.name.endswith(part)), "")
