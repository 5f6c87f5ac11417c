"""The self-assessments (绩效自评表) of a unit: the whole of its budget, and its projects."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

from tests.support.documents.render import Score, ScoreSum, Share
from tests.support.documents.unit import (
    BASIC,
    DOWNWARD,
    FISCAL,
    OPERATING,
    OTHER,
    PROJECT,
    UPWARD,
    Unit,
    money,
    some_of,
    split,
)

Raw = dict[str, Any]

FULL = Decimal(10)
_FIGURES = ("年初预算数", "全年预算数", "实际执行数")
_SENTENCES = (
    "按时完成全年任务，群众满意。",
    "=SUM(A1:A3) 是文字，不是公式",
    "第一，完善制度；\n第二，加强培训。",
    "  前面空两格；100%完成",
    "+1 项工作提前完成 <甲&乙>",
    "落实“放管服”要求（含２０２１年结转任务）",
)
_INDICATORS = (
    ("产出指标", "数量指标", "培训人次"),
    ("产出指标", "数量指标", "检查次数"),
    ("产出指标", "质量指标", "合格率"),
    ("产出指标", "时效指标", "完成及时率"),
    ("效益指标", "社会效益指标", "覆盖面"),
    ("效益指标", "社会效益指标", "知晓率"),
    ("满意度指标", "服务对象满意度指标", "服务对象满意度"),
)
_PROJECTS = (
    "危房改造",
    "信息化建设：二期/运维",
    "办案业务费[专项]",
    "乡村振兴示范点建设与长效管护补助资金（中央直达）项目",
)
_ACTUAL = ("100%", "0", "≥95%", "1,200人次", "2021-12-31", "001", "已完成")


def whole_review(rng: Random, unit: Unit, name: str) -> Raw | None:
    """部门整体绩效自评表, or None for a unit whose expenditure is more than the form provides for."""
    everything = (*FISCAL, OTHER)
    if unit.spent(everything, [UPWARD, OPERATING, DOWNWARD]) or rng.random() < 0.25:
        return None
    basic, project = unit.spent(everything, [BASIC]), unit.spent(everything, [PROJECT])
    others = unit.spent([OTHER], [BASIC, PROJECT])
    superior = rng.choice([0, others])
    return {
        "部门名称": name,
        "年度履职目标": {
            "预期目标": rng.choice(_SENTENCES),
            "实际完成情况": rng.choice(_SENTENCES),
        },
        "年度主要任务": [
            {
                "任务名称": f"任务{n}",
                "主要内容": rng.choice(_SENTENCES),
                "实际完成情况": rng.choice(["已完成", "部分完成"]),
            }
            for n in range(1, rng.randint(1, 6) + 1)
        ],
        "预算情况": _budget(
            rng, [basic + project - others, superior, others - superior], basic, project
        ),
        "绩效指标": [
            {
                "一级指标": first,
                "二级指标": second,
                "三级指标": third,
                "指标值": rng.choice(_ACTUAL),
                "实际完成值": rng.choice(_ACTUAL),
            }
            for first, second, third in _indicators(rng)
        ],
        "总分": Decimal(rng.randint(600, 1000)) / 10,
    }


def _budget(rng: Random, sources: list[int], basic: int, project: int) -> Raw:
    """Executed figures as given; budgets that add up both by source and by 基本 and 项目."""
    later = [money(rng, 6) if amount else 0 for amount in sources]
    first = [some_of(rng, amount) for amount in sources]
    of_basic = some_of(rng, sum(later)) if basic and project else sum(later) if basic else 0
    first_basic = some_of(rng, sum(first)) if basic and project else sum(first) if basic else 0
    total = basic + project
    rows = {
        "部门预算总额": (sum(first), total + sum(later), total),
        **{
            row: (first[n], sources[n] + later[n], sources[n])
            for n, row in enumerate(("财政性资金", "上级转移支付资金", "其他资金"))
        },
        "基本支出": (first_basic, basic + of_basic, basic),
        "项目支出": (sum(first) - first_basic, project + sum(later) - of_basic, project),
    }
    return {
        row: {
            **dict(zip(_FIGURES, figures, strict=True)),
            "执行率": Share("实际执行数", "全年预算数"),
            **({"偏差原因": rng.choice(_SENTENCES)} if figures[1] and rng.random() < 0.5 else {}),
        }
        for row, figures in rows.items()
    }


def projects(rng: Random, unit: Unit, name: str) -> list[Raw]:
    """项目支出绩效自评表, one per project, of a unit that has project expenditure."""
    if not unit.spent(FISCAL, [PROJECT]):
        return []
    titles = rng.sample(_PROJECTS, rng.choice([0, 0, 1, 2, 3]))
    return [_project(rng, title, name) for title in titles]


def _project(rng: Random, title: str, unit_name: str) -> Raw:
    money_rows = {
        row: _project_money(rng, chance)
        for row, chance in (("当年财政拨款", 1.0), ("上年结转资金", 0.4), ("其他资金", 0.2))
    }
    names = ("年初预算数", "全年预算数", "全年执行数")
    total = {name: sum(row[name] for row in money_rows.values()) for name in names}
    indicators = _indicators(rng)
    marks = [Decimal(part) / 10 for part in split(rng, 900, len(indicators), least=10)]
    points = [mark - rng.choice([Decimal(0), mark / 2, Decimal("0.1")]) for mark in marks]
    share = Share("全年执行数", "全年预算数")
    score = Score(FULL, "全年执行数", "全年预算数")
    return {
        "项目名称": title,
        "主管部门": "市财政局",
        "实施单位": unit_name,
        "项目资金": {
            "年度资金总额": {**total, "分值": FULL, "执行率": share, "得分": score},
            **{row: {**amounts, "执行率": share} for row, amounts in money_rows.items()},
        },
        "年度总体目标": {
            "预期目标": rng.choice(_SENTENCES),
            "实际完成情况": rng.choice(_SENTENCES),
        },
        "绩效指标": [
            {
                "一级指标": first,
                "二级指标": second,
                "三级指标": third,
                "年度指标值": rng.choice(_ACTUAL),
                "实际完成值": rng.choice(_ACTUAL),
                "分值": mark,
                "得分": point,
            }
            for (first, second, third), mark, point in zip(indicators, marks, points, strict=True)
        ],
        "总分": {"分值": Decimal(100), "得分": ScoreSum(score, sum(points, Decimal(0)))},
    }


def _project_money(rng: Random, chance: float) -> dict[str, int]:
    if rng.random() >= chance:
        return dict.fromkeys(("年初预算数", "全年预算数", "全年执行数"), 0)
    budget = money(rng)
    spent = rng.choice([budget, rng.randint(budget // 2, budget)])
    return {"年初预算数": money(rng), "全年预算数": budget, "全年执行数": spent}


def _indicators(rng: Random) -> list[tuple[str, str, str]]:
    chosen = sorted(rng.sample(range(len(_INDICATORS)), rng.randint(2, len(_INDICATORS))))
    more = [(*_INDICATORS[n][:2], f"{_INDICATORS[n][2]}（{i}）") for n in chosen for i in (1, 2)]
    return more if rng.random() < 0.3 else [_INDICATORS[n] for n in chosen]
