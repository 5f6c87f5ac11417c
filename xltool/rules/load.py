"""Rule files (YAML) -> rules, checked for form and for the names they use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from xltool.editions import Edition
from xltool.mapping.load import merged, read_yaml
from xltool.problems import Problem, raise_if
from xltool.resources import MAPPINGS
from xltool.rules.instances import Instance, expand
from xltool.rules.model import Level, Part, Rule, Tolerance
from xltool.rules.scope import NoSuchTable, Scope
from xltool.rules.syntax import ExpressionError, Node, parse
from xltool.schemas import schema_problems

RULES = MAPPINGS / "rules"
SCHEMA = RULES / "rules.schema.json"
Raw = dict[str, Any]


@dataclass(frozen=True)
class RuleSet:
    """The rules of an edition, compiled. `instances` of a rule are empty where a table is not in the edition."""

    rules: Mapping[str, Rule]
    instances: Mapping[str, tuple[Instance, ...]]
    scope: Scope = field(repr=False)

    @cached_property
    def table_names(self) -> dict[str, str]:
        """The short names of tables in full, as the edition has them."""
        specs = self.scope.specs
        return {
            short: next((name for name in names if name in specs), names[0])
            for short, names in self.scope.aliases.items()
        }


@lru_cache(maxsize=16)
def load_rules(edition: Edition, extra: tuple[Path, ...] = ()) -> RuleSet:
    """The shared rules, overridden by those of the edition and by the files in `extra`.

    Raises `InputError` with every fault: file, rule, and for expressions the column.
    """
    raw: Raw = {}
    sources: dict[str, str] = {}
    own = [folder / "rules.yaml" for folder in reversed(edition.folders)]
    for path in (RULES / "base.yaml", *(p for p in own if p.is_file()), *extra):
        data = read_yaml(path)
        if path in extra:
            raise_if(schema_problems(data, SCHEMA, path.name))
        sources |= dict.fromkeys(data.get("rules", {}), str(path))
        raw = _override(raw, data)
    problems: list[Problem] = []
    scope = _scope(raw, edition)
    rules: dict[str, Rule] = {}
    instances: dict[str, tuple[Instance, ...]] = {}
    for rule_id, spec in raw["rules"].items():
        where = f"{Path(sources[rule_id]).name} {rule_id}"
        rule = _rule(rule_id, spec, sources[rule_id], where, problems)
        if rule is not None:
            rules[rule_id] = rule
            instances[rule_id] = _instances(rule, scope, where, problems)
    raise_if(problems)
    return RuleSet(rules, instances, scope)


def _override(base: Raw, change: Raw) -> Raw:
    """Tables and sets are merged; a rule of the same id replaces the older one, and null removes it."""
    result = merged(base, {key: change[key] for key in ("tables", "sets") if key in change})
    rules = dict(base.get("rules", {}))
    for rule_id, rule in change.get("rules", {}).items():
        if rule is None:
            rules.pop(rule_id, None)
        else:
            kept = rules.get(rule_id, {})
            shared = {k: kept[k] for k in ("level", "basis", "years", "name") if k in kept}
            rules[rule_id] = {**shared, **rule}
    result["rules"] = rules
    return result


def _scope(raw: Raw, edition: Edition) -> Scope:
    aliases = {
        short: (names,) if isinstance(names, str) else tuple(names)
        for short, names in raw.get("tables", {}).items()
    }
    sets = {name: tuple(map(str, codes)) for name, codes in raw.get("sets", {}).items()}
    return Scope(edition.specs, edition.codes["functional"], aliases, sets)


def _rule(rule_id: str, raw: Raw, source: str, where: str, problems: list[Problem]) -> Rule | None:
    def tree(text: str, what: str) -> Node | None:
        try:
            return parse(text)
        except ExpressionError as error:
            problems.append(Problem(f"{where} {what} 第{error.column}列", str(error), text))
            return None

    before = len(problems)
    parts = []
    for n, spec in enumerate(raw.get("parts") or ([raw] if "expr" in raw else []), 1):
        label = f"第{n}式 " if "parts" in raw else ""
        expression = tree(spec["expr"], f"{label}expr")
        condition_text = spec.get("if", raw.get("if"))
        condition = tree(condition_text, f"{label}if") if condition_text else None
        each = []
        for name, over in spec.get("each", raw.get("each", {})).items():
            loop = tuple(map(str, over)) if isinstance(over, list) else tree(over, f"{label}each")
            if loop is not None:
                each.append((f"${name}", loop))
        tolerance = _tolerance(spec.get("tolerance", raw.get("tolerance", "rounding")))
        if expression is not None:
            parts.append(Part(tuple(each), condition, expression, spec["expr"], tolerance))
    when = tree(raw["when"], "when") if "when" in raw else None
    if len(problems) > before:
        return None
    first, last = raw.get("years", (None, None))
    level: Level = raw.get("level", "error")
    basis = raw.get("basis", "")
    check = raw.get("check")
    return Rule(
        rule_id, raw["name"], level, basis, (first, last), tuple(parts), when, check, source
    )


def _tolerance(raw: object) -> Tolerance:
    if raw == "exact":
        return "exact"
    return "rounding" if raw == "rounding" else Decimal(str(raw))


def _instances(
    rule: Rule, scope: Scope, where: str, problems: list[Problem]
) -> tuple[Instance, ...]:
    found: list[Instance] = []
    for n, part in enumerate(rule.parts, 1):
        try:
            found += expand(rule, part, scope)
        except NoSuchTable:
            continue
        except ExpressionError as error:
            label = f" 第{n}式" if len(rule.parts) > 1 else ""
            problems.append(Problem(f"{where}{label} 第{error.column}列", str(error), part.text))
    return tuple(found)
