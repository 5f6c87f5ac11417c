"""Many books as a review collects them, without reading any: for the page alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

from xltool.editions import find_edition
from xltool.review.collect import BookLine, ReviewBooks, RuleHead, letter
from xltool.review.compare import Absent, FindingChange, ReviewComparison
from xltool.review.outputs import Files
from xltool.review.rounds import FindingKey
from xltool.rules.load import load_rules
from xltool.rules.model import LEVELS

EDITION = "2023-national"
_STATES = ("新增", "仍未改正", "已改正", "未能核对")


def collected(
    size: int, *, seed: int = 1, change: Callable[[BookLine], object] = lambda line: True
) -> ReviewBooks:
    """`size` books, most of them nearly right, a few beyond reading; only those whose `change` is not False."""
    rng = Random(seed)
    rules = load_rules(find_edition(EDITION)).rules
    found = ReviewBooks()
    for rule in rules.values():
        found.rules[rule.id] = RuleHead(rule.id, rule.name, LEVELS[rule.level])
    ids = tuple(found.rules)
    for n in range(size):
        line = _line(rng, n, ids, found)
        if change(line) is not False:
            found.put(line)
    return found


def _line(rng: Random, n: int, ids: tuple[str, ...], found: ReviewBooks) -> BookLine:
    name = f"{rng.choice(['城关镇', '临江区', '永宁县'])}第{n}单位"
    book = dict.fromkeys(("版本", "年度", "原因", "结论", "金额单位"), None)
    book |= {"文件": f"报送/{name}.xlsx", "单位名称": name, "状态": "成功"}
    if rng.random() < 0.01:
        return BookLine(
            {**book, "状态": "失败", "原因": "工作簿加了密码", "单位名称": None}, Files()
        )
    poor = rng.random() < 0.3
    letters = []
    for rule_id in ids:
        head = found.rules[rule_id]
        outcome = _outcome(rng, poor=poor)
        head.books[outcome] += 1
        head.places += outcome == "不符"
        letters.append(letter(head.level, outcome, blocks=head.level == "必须相符"))
    failed, warned, blocked = letters.count("X"), letters.count("W"), letters.count("Q")
    verdict = "不合格" if failed else "未完成审核" if blocked else "合格"
    counts = {
        "不符": 2 * failed,
        "待确认": 0,
        "条件": None,
        "需核实": warned,
        "提示": 0,
        "尾差": letters.count("~"),
    }
    book |= {"版本": EDITION, "年度": 2024, "金额单位": "万元", "结论": verdict, **counts}
    book |= {"适用规则": len(ids), "已审规则": len(ids) - blocked, "漂移": 0, "未匹配": 0}
    report = f"报告/{name}.html" if verdict != "合格" else ""
    return BookLine(book, Files(report), ids, "".join(letters))


def _outcome(rng: Random, *, poor: bool) -> str:
    draw = rng.random()
    if draw < (0.08 if poor else 0.002):
        return "不符"
    if draw < (0.1 if poor else 0.004):
        return "数据不足"
    return rng.choices(["通过", "尾差", "不适用"], [8, 1, 1])[0]


def changes(found: ReviewBooks, *, seed: int = 2) -> ReviewComparison:
    """What might have become of these books since an earlier review."""
    rng = Random(seed)
    result = ReviewComparison(missing={"没有再交的单位": 3})
    result.absent.append(Absent("只交一半的单位", "旧/自评表.xlsx", "没有交", 2))
    for line in found.ranked:
        if rng.random() < 0.05:
            result.added.append(line.unit)
            continue
        lines = [
            FindingChange(
                line.unit,
                line.name,
                rng.choice(_STATES),
                FindingKey("T01-01", "总表", str(n)),
                "差 0.03",
            )
            for n in range(rng.choice([0, 0, 1, 4]))
        ]
        result.lines += lines
        counts = result.counts.setdefault(line.name, Counter())
        counts.update(change.state for change in lines)
    return result
