"""Examples of every command, as its --help shows them."""

from __future__ import annotations

import click

EXAMPLES: dict[str, tuple[str, ...]] = {
    "addin build": ("xltool addin build -o 决算工具.xlam",),
    "addin install": ("xltool addin install",),
    "addin uninstall": ("xltool addin uninstall",),
    "addin doctor": ("xltool addin doctor",),
    "checks-sheet": ("xltool checks-sheet 报表.xlsx -o 报表-审核.xlsx",),
    "clean": ("xltool clean 报表-标注.xlsx -o 报表.xlsx",),
    "analyze": (
        "xltool analyze 决算.duckdb -o 分析.html",
        "xltool analyze 审核 -o 分析.xlsx",
    ),
    "convert": (
        "xltool convert 报送 -o 决算.duckdb --validate",
        "xltool convert 报送/*.xlsx -o 明细 --to csv",
    ),
    "demo": ("xltool demo 演示",),
    "disclosure write": ("xltool disclosure write 报表.xlsx -o 公开.docx --prior 上年.xlsx",),
    "docs": ("xltool docs", "xltool docs start", "xltool docs -o 文档"),
    "editions": ("xltool editions", "xltool editions 2023-national"),
    "editions add": ("xltool editions add 本市",),
    "editions remove": ("xltool editions remove 本市2024",),
    "fill": (
        "xltool fill 填数.xlsx -o 报表.xlsx",
        "xltool fill 数据.json -o 报表.xlsx --derive --assume 没有结转",
        "xltool fill 数据.yaml -o 报表.xlsx --template 市级表样.xlsx --totals given",
    ),
    "finish": ("xltool finish 报表.xlsx -o 上报稿.xlsx",),
    "import": (
        "xltool import 决算数.xlsx -e 2023-national -o 数据.json",
        "xltool import 余额表.xls 明细账.csv -o 数据.json --unit 元 --yes --trace 来源.xlsx",
    ),
    "letters": (
        "xltool letters --new-template 通知模板",
        "xltool letters 审核 -o 通知 --template 通知模板",
    ),
    "mapping answer": ("xltool mapping answer 本市 --answers 答案.yaml",),
    "mapping check": ("xltool mapping check", "xltool mapping check 本市"),
    "mapping copy": ("xltool mapping copy 2023-national -o 本市 --id 本市2024",),
    "mapping init": ("xltool mapping init 市级表样.xlsx -o 本市 --id 本市2024",),
    "mapping show": ("xltool mapping show 2023-national -o 字段.xlsx",),
    "narrative check": ("xltool narrative check 说明.docx 报表.xlsx --annotate 说明-批注.docx",),
    "narrative write": ("xltool narrative write 报表.xlsx -o 说明.docx --prior 上年.xlsx",),
    "new": (
        "xltool new -e 2023-national --kind 填数表 -o 填数.xlsx --from 去年.xlsx",
        "xltool new -e 2023-national -o 空表.xlsx --tables 公开01表",
        "xltool new -e 2023-national -o 数据.yaml",
    ),
    "read": ("xltool read 报表.xlsx -o 数据.json", "xltool read 报表.xlsx --unit 元"),
    "review": (
        "xltool review 报送 -o 审核-第1轮 --season 2024决算 --units 单位清单.xlsx",
        "xltool review 报送 -o 审核-第2次 --prior-review 审核-第1次",
    ),
    "rules check": ("xltool rules check 本市规则.yaml",),
    "rules list": ("xltool rules list -e 2023-national",),
    "rules show": ("xltool rules show X-05",),
    "samples": ("xltool samples", "xltool samples -o 样例"),
    "schema": ("xltool schema -e 2023-national -o schema.json",),
    "season dismiss": (
        "xltool season dismiss 2024决算 附表.xlsx --by 张 --why 不是决算",
        "xltool season dismiss 2024决算 附表.xlsx --undo --by 张",
    ),
    "season letters": ("xltool season letters 2024决算 -o 通知 --template 通知模板",),
    "season waive": (
        "xltool season waive 2024决算 --unit 101001 --rule X-05 --by 张 --why 批复",
        "xltool season waive 2024决算 --list",
        "xltool season waive 2024决算 --undo 3 --by 张",
    ),
    "season export": (
        "xltool season export 2024决算 -o 2024决算.duckdb",
        "xltool season export 2024决算 -o 2024决算-表 --to parquet",
    ),
    "season show": ("xltool season show 2024决算", "xltool season show 2024决算 --unit 101001"),
    "season use": (
        "xltool season use 2024决算 甲局/决算（改）.xlsx",
        "xltool season use 2024决算 乙区/中心小学.xlsx --unit 201007",
    ),
    "serve": ("xltool serve",),
    "set": (
        "xltool set 报表.xlsx -o 改后.xlsx 支出决算表.明细[2013901].基本支出=51.32",
        "xltool set 报表.xlsx -o 改后.xlsx --table 改动.csv",
    ),
    "sum": (
        "xltool sum 报送 -o 部门.xlsx --name 某局",
        "xltool sum 报送 --check 部门.xlsx",
    ),
    "validate": (
        "xltool validate 报表.xlsx",
        "xltool validate 报表.xlsx -o 报告.html --annotate 报表-标注.xlsx",
        "xltool validate 报表.xlsx --prior 上年.xlsx --explanations 报表-标注.xlsx",
    ),
    "verify": ("xltool verify 上报稿.xlsx",),
    "watch": ("xltool watch 报送",),
}


def add_examples(command: click.Command, path: str) -> None:
    """Put its examples under the help of a command, or of all that are in a group."""
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            add_examples(inner, f"{path} {name}")
    inner_first = [lines[0] for key, lines in EXAMPLES.items() if key.startswith(f"{path} ")]
    if lines := EXAMPLES.get(path, ()) or inner_first:
        command.epilog = "\n".join(("\b", "例：", *(f"  {line}" for line in lines)))
