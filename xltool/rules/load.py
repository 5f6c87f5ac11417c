"""Rule files (YAML) -> rules, checked for form and for the names they use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from xltool.core.caches import remembered
from xltool.core.problems import Problem, raise_if
from xltool.core.resources import MAPPINGS
from xltool.core.schemas import schema_problems
from xltool.core.texts import did_you_mean
from xltool.core.yamlfile import line_of
from xltool.editions import Edition, all_editions
from xltool.mapping.files import merged, read_yaml
from xltool.rules.instances import Instance, expand
from xltool.rules.limits import limit_problems, limited
from xltool.rules.model import Level, Part, Rule, Tolerance
from xltool.rules.scope import NameScope, NoSuchTable
from xltool.rules.syntax import ExpressionError, Node, Texts
from xltool.rules.trees import tree_of

RULES = MAPPINGS / "rules"
SCHEMA = RULES / "rules.schema.json"
Raw = dict[str, Any]


@dataclass(frozen=True)
class RuleSet:
    """The rules of an edition, compiled. `instances` of a rule are empty where a table is not in the edition."""

    rules: Mapping[str, Rule]
    instances: Mapping[str, tuple[Instance, ...]]
    scope: NameScope = field(repr=False)

    @cached_property
    def tables(self) -> dict[str, str]:
        """The tables of the edition by their short names."""
        specs = self.scope.specs
        return {
            short: table
            for short, names in self.scope.aliases.items()
            if (table := next((name for name in names if name in specs), None))
        }

    @cached_property
    def table_names(self) -> dict[str, str]:
        """The short names of tables in full, as the edition has them; also of those that it has not."""
        first = {short: names[0] for short, names in self.scope.aliases.items()}
        return first | self.tables


def load_rules(edition: Edition, extra: tuple[Path, ...] = ()) -> RuleSet:
    """The shared rules, overridden by those of the edition and by the files in `extra`.

    Raises `InputError` with every fault: file, rule, and for expressions the column.
    """
    return _load(edition, extra, tuple(map(_written, extra)))


def official_rules(edition: Edition) -> RuleSet:
    """The rules that come with the tool for an edition: those of its own folder left out, where it is not bundled."""
    bundled = [folder for folder in edition.folders if folder.parent == MAPPINGS]
    whole = len(bundled) == len(edition.folders)
    return _load(edition, (), ()) if whole else _load(edition, (), (), own=False)


def _written(path: Path) -> int:
    """When a file was last written: an edited rule file is read anew."""
    return path.stat().st_mtime_ns if path.is_file() else 0


@remembered(16)
def _load(
    edition: Edition, extra: tuple[Path, ...], written: tuple[int, ...], *, own: bool = True
) -> RuleSet:
    raw: Raw = {"rules": {}}
    sources: dict[str, str] = {}
    problems: list[Problem] = []
    folders = [f for f in reversed(edition.folders) if own or f.parent == MAPPINGS]
    files = [folder / "rules.yaml" for folder in folders]
    shared = [RULES / "base.yaml"]
    if any(spec.likely for spec in edition.specs.values()):
        shared.append(RULES / "likely.yaml")
    for path in (*shared, *(p for p in files if p.is_file()), *extra):
        data = read_yaml(path)
        if path in extra or MAPPINGS not in path.parents:
            raise_if(schema_problems(data, SCHEMA, path.name, source=path))
        if path in extra:
            problems += _unknown_tables(data, edition, path.name)
        changes = {str(rule_id): rule for rule_id, rule in (data.get("rules") or {}).items()}
        if path.parent != RULES:
            problems += _not_of_the_base(changes, raw["rules"], path.name)
        sources |= dict.fromkeys(changes, str(path))
        raw = _override(raw, {**data, "rules": changes})
    raise_if(problems)
    return _compiled(raw["rules"], _scope(raw, edition), sources)


def further_rules(raw: Raw, scope: NameScope, source: str) -> RuleSet:
    """Rules beside those of an edition, in its scope. Raises `InputError`."""
    return _compiled(raw, scope, dict.fromkeys(raw, source))


def _compiled(raw: Raw, scope: NameScope, sources: Mapping[str, str]) -> RuleSet:
    problems: list[Problem] = []
    rules: dict[str, Rule] = {}
    instances: dict[str, tuple[Instance, ...]] = {}
    for rule_id, spec in raw.items():
        where = f"{Path(sources[rule_id]).name} {rule_id}"
        rule = _rule(rule_id, spec, sources[rule_id], where, problems)
        if rule is not None:
            rules[rule_id] = rule
            instances[rule_id] = _instances(rule, spec, scope, where, problems)
    raise_if(problems)
    return RuleSet(rules, instances, scope)


def _unknown_tables(data: Raw, edition: Edition, file: str) -> Iterator[Problem]:
    """Table names that no edition has: their rules would never be evaluated, and nobody would know why."""
    for short, names in data.get("tables", {}).items():
        for name in [names] if isinstance(names, str) else names:
            if name in edition.specs:
                continue
            known = {table for other in (edition, *all_editions()) for table in other.specs}
            if name not in known:
                hint = did_you_mean(name, known)
                yield Problem(
                    f"{file} tables {short}", f"没有哪个版本有“{name}”这张表", hint, code="bad-rule"
                )


def _not_of_the_base(changes: Raw, rules: Raw, file: str) -> Iterator[Problem]:
    """Changes that mean a rule of the files before, and there is none such."""
    for rule_id, rule in changes.items():
        known = rules.get(rule_id)
        if rule is None and known is None:
            hint = did_you_mean(rule_id, rules)
            yield Problem(f"{file} {rule_id}", "没有这条规则，不用取消", hint, code="bad-rule")
        elif rule is not None and known is None:
            missing = [] if "name" in rule else ["name"]
            missing += [] if {"expr", "parts", "check"} & rule.keys() else ["expr 或 parts"]
            if missing:
                yield Problem(
                    f"{file} {rule_id}", f"新规则缺少 {'、'.join(missing)}", code="bad-rule"
                )
        if rule and known is not None:
            yield from limit_problems(rule, known, f"{file} {rule_id}")
        if rule and rule.get("check") != (known or {}).get("check", rule.get("check")):
            yield Problem(f"{file} {rule_id}", "不能改换 check：检查由程序做", code="bad-rule")
        elif rule and "check" in rule and "check" not in (known or {}):
            message = "check 只能用于自带的规则，新规则要写 expr 或 parts"
            yield Problem(f"{file} {rule_id}", message, code="bad-rule")


def _override(base: Raw, change: Raw) -> Raw:
    """Tables and sets are merged; a rule of the same id replaces the older one, and null removes it.

    A rule without expressions changes the level, the name, the basis or the limits of the older one only.
    """
    result = merged(base, {key: change[key] for key in ("tables", "sets") if key in change})
    rules = dict(base.get("rules", {}))
    for rule_id, rule in change.get("rules", {}).items():
        kept = rules.get(rule_id, {})
        if rule is None:
            rules.pop(rule_id, None)
        elif {"expr", "parts", "check"} & rule.keys():
            shared = {
                k: kept[k]
                for k in ("level", "confirm", "hint", "basis", "years", "name")
                if k in kept
            }
            rules[rule_id] = {**shared, **rule}
        else:
            rules[rule_id] = limited({**kept, **rule}, rule)
    result["rules"] = rules
    return result


def _scope(raw: Raw, edition: Edition) -> NameScope:
    aliases = {
        short: (names,) if isinstance(names, str) else tuple(names)
        for short, names in raw.get("tables", {}).items()
    }
    sets = {name: tuple(map(str, codes)) for name, codes in raw.get("sets", {}).items()}
    codes = edition.codes["functional"]
    return NameScope(
        edition.specs, codes, aliases, sets, texts={}, types={}, external=set(), below={}
    )


_Tree = Callable[[str, str], Node | None]
"""The tree of an expression and where it stands in its rule; None when it has a fault, which is noted."""


def _part(raw: Raw, spec: Raw, label: str, tree: _Tree) -> Part | None:
    """One equation of a rule; what it does not say itself the rule says."""
    expression = tree(spec["expr"], f"{label}expr")
    condition_text = spec.get("if", raw.get("if"))
    condition = tree(condition_text, f"{label}if") if condition_text else None
    each = []
    loops: Raw = (spec if "each" in spec else raw).get("each") or {}
    for name, over in loops.items():
        named = isinstance(over, list)
        loop = Texts(tuple(map(str, over))) if named else tree(over, f"{label}each {name}")
        if loop is not None:
            each.append((f"${name}", loop))
    tolerance = _tolerance(spec.get("tolerance", raw.get("tolerance", "rounding")))
    if expression is None:
        return None
    return Part(tuple(each), condition, expression, spec["expr"], tolerance)


def _rule(rule_id: str, raw: Raw, source: str, where: str, problems: list[Problem]) -> Rule | None:
    def tree(text: str, what: str) -> Node | None:
        try:
            return tree_of(text)
        except ExpressionError as error:
            at, hint = f"{where} {what} 第{error.column}列", _in_line(source, rule_id, text)
            problems.append(Problem(at, str(error), hint, code="bad-rule"))
            return None

    before = len(problems)
    specs = raw.get("parts") or ([raw] if "expr" in raw else [])
    labels = (f"第{n}式 " if "parts" in raw else "" for n in count(1))
    found = [_part(raw, spec, label, tree) for spec, label in zip(specs, labels, strict=False)]
    parts = [part for part in found if part is not None]
    when = tree(raw["when"], "when") if "when" in raw else None
    if len(problems) > before:
        return None
    first, last = raw.get("years", (None, None))
    level: Level = raw.get("level", "error")
    basis = raw.get("basis", "")
    years = (first, last)
    check, confirm = raw.get("check"), bool(raw.get("confirm"))
    told = raw["name"], level, basis, years
    return Rule(rule_id, *told, tuple(parts), when, check, source, raw.get("hint", ""), confirm)


def _in_line(source: str, rule_id: str, text: str) -> str:
    """An expression with the line of its rule."""
    line = line_of(Path(source), ("rules", rule_id))
    return f"第{line}行：{text}" if line else text


def _tolerance(raw: object) -> Tolerance:
    if raw == "exact":
        return "exact"
    return "rounding" if raw == "rounding" else Decimal(str(raw))


def _instances(
    rule: Rule, raw: Raw, scope: NameScope, where: str, problems: list[Problem]
) -> tuple[Instance, ...]:
    found: list[Instance] = []
    for n, part in enumerate(rule.parts, 1):
        try:
            found += expand(rule, part, scope)
        except NoSuchTable:
            continue
        except ExpressionError as error:
            label = f" 第{n}式" if "parts" in raw else ""
            spec = raw["parts"][n - 1] if "parts" in raw else raw
            key, *names = error.keys
            text: Any = spec.get(key, raw.get(key))
            for name in names:
                text = text[name]
            at = f"{where}{label} {' '.join(error.keys)} 第{error.column}列"
            told = _in_line(rule.source, rule.id, str(text))
            problems.append(Problem(at, str(error), told, code="bad-rule"))
    return tuple(found)
