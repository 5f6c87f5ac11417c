"""A small sound document for each of the editions of provinces and years, filled into its form."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.support.documents import Raw
from xltool.documents.load import from_raw
from xltool.editions import bundled_editions, find_edition
from xltool.filling import fill

MORE = [
    e.id
    for e in bundled_editions()
    if e.id not in ("2021-national", "2023-national", "2024-shanghai")
]
"""The editions beside the three that most tests are about."""
TEN, EIGHT, TWO = Decimal("10.5"), Decimal("8.5"), Decimal(2)
LEVELS = ("213", "21303", "2130301")


def rows(**figures: Decimal) -> list[Raw]:
    return [{"科目编码": code, **figures} for code in LEVELS]


def amounts(**figures: Decimal) -> Raw:
    return {"合计": figures, "明细": rows(**figures)}


MONEY: Raw = {"一般公共预算财政拨款": TEN, "合计": TEN}
TABLES: Raw = {
    "收入支出决算总表": {
        "收入": {"一般公共预算财政拨款收入": TEN, "本年收入合计": TEN, "总计": TEN},
        "支出": {"农林水支出": TEN, "本年支出合计": TEN, "总计": TEN},
    },
    "收入决算表": amounts(本年收入合计=TEN, 财政拨款收入=TEN),
    "支出决算表": amounts(本年支出合计=TEN, 基本支出=EIGHT, 项目支出=TWO),
    "财政拨款收入支出决算总表": {
        "收入": {"一般公共预算财政拨款": TEN, "本年收入合计": TEN, "总计": TEN},
        "支出": {"农林水支出": MONEY, "本年支出合计": MONEY, "总计": MONEY},
    },
    "一般公共预算财政拨款支出决算表": amounts(合计=TEN, 基本支出=EIGHT, 项目支出=TWO),
    "一般公共预算财政拨款基本支出决算表": {
        "明细": [
            {"科目编码": "301", "金额": EIGHT},
            {"科目编码": "30101", "金额": EIGHT},
        ],
        "合计": {"人员经费合计": EIGHT},
    },
    "支出决算明细表": amounts(
        合计=TEN, 工资福利支出=EIGHT, 基本工资=EIGHT, 商品和服务支出=TWO, 办公费=TWO
    ),
    "收入支出决算表": amounts(本年收入=TEN, 本年支出=TEN, 基本支出=EIGHT, 项目支出=TWO),
    "资产负债简表": {
        "资产": {"资产合计": {"年末数": TEN}, "货币资金": {"年末数": TEN}},
        "负债和净资产": {"净资产合计": {"年末数": TEN}, "负债和净资产总计": {"年末数": TEN}},
    },
    "财政拨款支出决算明细表": amounts(
        合计=TEN, 工资福利支出=EIGHT, 基本工资=EIGHT, 商品和服务支出=TWO, 办公费=TWO
    ),
    "一般公共预算财政拨款支出决算明细表": amounts(
        合计=TEN, 工资福利支出=EIGHT, 基本工资=EIGHT, 商品和服务支出=TWO, 办公费=TWO
    ),
    "一般公共预算财政拨款项目支出决算明细表": amounts(合计=TWO, 商品和服务支出=TWO, 办公费=TWO),
    "一般公共预算财政拨款收入支出决算表": amounts(
        本年收入=TEN,
        本年收入基本支出=EIGHT,
        本年收入项目支出=TWO,
        本年支出=TEN,
        基本支出=EIGHT,
        人员经费=EIGHT,
        项目支出=TWO,
    ),
    "一般公共预算财政拨款项目支出决算表": {
        "合计": {"合计": TWO},
        "明细": [{"科目编码": "2130301", "合计": TWO}],
    },
    "项目收入支出决算表": {
        "合计": {"本年收入": TWO, "本年支出": TWO},
        "明细": [{"科目编码": "2130301", "项目名称": "甲", "本年收入": TWO, "本年支出": TWO}],
    },
    "财政拨款“三公”经费及会议费、培训费支出决算表": {
        "决算数": {"合计": TEN, "“三公”经费": EIGHT, "公务接待费": EIGHT, "会议费": TWO},
    },
    "一般公共预算财政拨款“三公”经费支出决算表": {"决算数": {"合计": TWO, "公务接待费": TWO}},
    "财政拨款“三公”经费支出决算表": {"决算数": {"合计": TWO, "公务接待费": TWO}},
    "机构运行信息表": {"“三公”经费": {"支出合计": {"统计数": TWO}, "公务接待费": {"统计数": TWO}}},
    "一般公共预算财政拨款“三公”经费情况表": {
        "“三公”经费": {"支出合计": {"统计数": TWO}, "公务接待费": {"统计数": TWO}}
    },
    "部门整体绩效自评表": {
        "部门名称": "某单位",
        "预算情况": {
            "部门预算总额": {"年初预算数": TEN, "全年预算数": TEN, "实际执行数": TEN},
            "财政性资金": {"年初预算数": TEN, "全年预算数": TEN, "实际执行数": TEN},
            "基本支出": {"年初预算数": EIGHT, "全年预算数": EIGHT, "实际执行数": EIGHT},
            "项目支出": {"年初预算数": TWO, "全年预算数": TWO, "实际执行数": TWO},
        },
        "总分": Decimal(95),
    },
}

HEADS: Raw = {
    "项目名称": "水库除险",
    "主管部门": "某局",
    "实施单位": "某单位",
    "年度总体目标": {"预期目标": "完工", "实际完成情况": "已完工"},
}
PROJECTS: dict[str, Raw] = {
    "sichuan-zp": HEADS
    | {
        "项目资金": {
            "年度资金总额": {"年初预算数": TEN, "全年预算数": TEN, "全年执行数": TEN, "得分": Decimal(10)},
            "当年财政拨款": {"年初预算数": TEN, "全年预算数": TEN, "全年执行数": TEN},
        },
        "绩效指标": [
            {"一级指标": "产出指标", "二级指标": "数量指标", "三级指标": "加固坝体",
             "年度指标值": "1", "实际完成值": "1", "分值": Decimal(90), "得分": EIGHT}
        ],
        "总分": {"分值": Decimal(100), "得分": Decimal("18.5")},
    },
    "yinchuan-zp": HEADS
    | {
        "项目资金": {
            "年度资金总额": {"年初预算数": TEN, "全年预算数": TEN, "全年执行数": EIGHT},
            "当年财政拨款": {"年初预算数": TWO, "全年预算数": TWO, "全年执行数": TWO},
        },
        "绩效指标": [
            {"一级指标": "项目决策", "二级指标": "项目目标", "三级指标": "完整性", "分值": Decimal(40), "得分": TEN},
            {"一级指标": "项目产出", "二级指标": "数量指标", "三级指标": "水库", "分值": Decimal(60), "得分": TWO},
        ],
        "总分": {"得分": Decimal("12.5"), "财政审核评分": TEN},
    },
}  # fmt: skip
"""Of the editions whose 项目支出绩效自评表 is one of their own."""


def document(id_: str) -> Raw:
    """A document for an edition: a figure or two in every one of its tables."""
    edition = find_edition(id_)
    tables = {name: content for name, content in TABLES.items() if name in edition.specs}
    if id_ in PROJECTS:
        tables["项目支出绩效自评表"] = PROJECTS[id_]
    year, unit = Decimal(edition.years[0]), "万元"
    return {"版本": id_, "单位名称": "某单位", "年度": year, "金额单位": unit, "表": tables}


def filled(id_: str, folder: Path) -> Path:
    """The form of an edition, filled with its document."""
    report, edition = from_raw(document(id_))
    (book,) = fill(report, edition, folder / f"{id_}.xlsx").files
    return book
