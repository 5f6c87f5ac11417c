"""The words of disclosures, as data: mappings/narratives/vocabulary.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xltool.core.caches import remembered
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.resources import MAPPINGS
from xltool.core.schemas import schema_problems
from xltool.mapping.load import read_yaml
from xltool.narrative.words import plain

FOLDER = MAPPINGS / "narratives"
FILE = FOLDER / "vocabulary.yaml"
SCHEMA = FOLDER / "vocabulary.schema.json"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a text gives a figure of: its wordings, and expressions for its figures in the tables."""

    name: str
    words: re.Pattern[str]
    figure: tuple[str, ...] = ()
    budget: tuple[str, ...] = ()
    part_of: str = ""
    at_most: str = ""
    share_of: str = ""
    wholes: tuple[str, ...] = ()
    only: str = ""
    """The kind of unit of which `figure` is certain; of others a difference is only worth a look."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of section: how its title is recognised, and what its figures are called."""

    name: str
    titles: re.Pattern[str]
    within: str
    whole: str
    subject: str
    items: Mapping[str, Item]
    rows: str
    complete: str
    listing: Mapping[str, str]
    none: tuple[str, ...]
    ignored: bool
    """Its numbers are those of tables, not of sentences."""
    about_unit: bool
    may_be_empty: bool
    """The form's table may be left blank where there is nothing: a blank one is then a statement."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A percentage of the evaluation: its wordings, and what is divided. `said`: the item whose figure in the text
    is the base where no table has it; `base` is that in words."""

    name: str
    words: re.Pattern[str]
    base: str
    part: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class NarrativeVocabulary:
    """All topics, what they have in common, and the words of sentences."""

    topics: Mapping[str, Topic]
    common: Mapping[str, Item]
    debris: tuple[re.Pattern[str], ...]
    up: tuple[str, ...]
    down: tuple[str, ...]
    old_names: Mapping[str, str]
    rules: Mapping[str, tuple[str, str]]
    """By id: level and name of each check of the text."""
    ratios: tuple[Ratio, ...] = ()

    def item(self, topic: Topic | None, name: str) -> Item | None:
        """The item of that name in a topic, or of all topics."""
        if topic is not None and name in topic.items:
            return topic.items[name]
        return self.common.get(name)


@remembered(1)
def load_vocabulary() -> NarrativeVocabulary:
    """Read and check the vocabulary. Raises `InputError`."""
    raw: dict[str, Any] = read_yaml(FILE)
    raise_if(schema_problems(raw, SCHEMA, FILE.name))
    try:
        common = _items(raw["common"])
        topics = {name: _topic(name, entry) for name, entry in raw["topics"].items()}
        sentences = raw["sentences"]
        return NarrativeVocabulary(
            topics,
            common,
            tuple(_pattern([text]) for text in sentences["debris"]),
            tuple(sentences["up"]),
            tuple(sentences["down"]),
            raw["old-names"],
            {id_: (rule["level"], rule["name"]) for id_, rule in raw["rules"].items()},
            tuple(_ratio(name, entry) for name, entry in raw.get("ratios", {}).items()),
        )
    except re.error as error:
        raise InputError(
            Problem(FILE.name, f"说法“{error.pattern!s}”不是合法的正则", code="bad-syntax")
        ) from error


def _topic(name: str, raw: dict[str, Any]) -> Topic:
    return Topic(
        name,
        _pattern(raw["titles"]),
        raw.get("within", ""),
        raw.get("whole", ""),
        raw.get("subject", ""),
        _items(raw.get("items", {})),
        raw.get("rows", ""),
        raw.get("complete", ""),
        raw.get("listing", {}),
        tuple(raw.get("none", ())),
        raw.get("ignored", False),
        raw.get("about-unit", False),
        raw.get("may-be-empty", False),
    )


def _ratio(name: str, raw: dict[str, Any]) -> Ratio:
    words = re.compile(f"(?:{_pattern(raw['words']).pattern})(?:为|是|：)?$")
    part, whole = tuple(raw.get("part", ())), tuple(raw.get("whole", ()))
    return Ratio(name, words, raw["base"], part, whole, raw.get("said", ""))


def _items(raw: dict[str, Any]) -> dict[str, Item]:
    return {
        name: Item(
            name,
            _pattern(entry["words"]),
            tuple(entry.get("figure", ())),
            tuple(entry.get("budget", ())),
            entry.get("part-of", ""),
            entry.get("at-most", ""),
            entry.get("share-of", ""),
            tuple(entry.get("whole", ())),
            entry.get("only", ""),
        )
        for name, entry in raw.items()
    }


def _pattern(words: list[str]) -> re.Pattern[str]:
    """One pattern for several wordings, in the spelling of squeezed text; groups are not kept."""
    spelled = "|".join(re.sub(r"(?<!\\)\((?!\?)", "(?:", _spelled(word)) for word in words)
    return re.compile(spelled)


def _spelled(word: str) -> str:
    """The quotes of a pattern in the spelling of squeezed text; its brackets are syntax and stay."""
    return "".join(plain(sign) if sign in '“”"「」『』％' else sign for sign in word)
