"""Mapping files: every kind of fault is found and named, and `show` draws what they bind."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import jsonschema
import openpyxl
import pytest

from tests.support.terminal import assert_refused, contents_of, xltool
from xltool.checks import validate
from xltool.core.caches import clear_all
from xltool.core.problems import InputError
from xltool.core.resources import MAPPINGS, SAMPLES
from xltool.core.yamlfile import load_yaml
from xltool.editions import all_editions, find_edition
from xltool.forms.check import check_edition, check_form
from xltool.forms.picture import Picture
from xltool.mapping import parsed
from xltool.mapping.model import table_spec
from xltool.ooxml import Editor, open_workbook
from xltool.reading import read

NATIONAL, SHANGHAI = "2021-national", "2024-shanghai"
OVERVIEW, INCOME = "收入支出决算总表", "收入决算表"
GENERAL, BASIC = "一般公共预算财政拨款支出决算表", "一般公共预算财政拨款基本支出决算表"
TRIPS = "一般公共预算财政拨款三公经费支出决算表"
REVIEW, PROJECTS = "部门整体绩效自评表", "项目支出绩效自评表"


def spoilt(folder: Path, edition: str, file: str, old: str, new: str) -> Path:
    """A copy of an edition in which one mapping file has `new` in the place of the first `old`."""
    copy = folder / edition
    shutil.copytree(MAPPINGS / edition, copy)
    path = copy / f"{file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")
    return path


FORM_FAULTS = [
    pytest.param(INCOME, "sheet:", "tab:", ("缺少 sheet", "tab"), id="keyword"),
    pytest.param(INCOME, "first: 8", "first: 八", ("first", "八"), id="number"),
    pytest.param(INCOME, "A1:K1", "A1-K1", ("title", "A1-K1"), id="address"),
    pytest.param(INCOME, "科目名称: D", "科目名称: 4", ("科目名称", "4"), id="column"),
    pytest.param(INCOME, "shape: list", "shape: table", ("明细", "table"), id="shape"),
    pytest.param(OVERVIEW, "rows:\n      7:", "rows:\n      七:", ("rows", "七"), id="row"),
    pytest.param(REVIEW, "kind: ratio", "kind: percent", ("执行率", "percent"), id="kind"),
    pytest.param(REVIEW, "optional: true", "optional: 是", ("optional", "是"), id="truth"),
    pytest.param(REVIEW, "unit: 万元", "unit: 千元", ("unit", "千元"), id="unit"),
    pytest.param(BASIC, "        first: 6\n", "", ("人员经费", "first"), id="pane"),
    pytest.param(BASIC, "30101, 30102", "30101, 30101", ("list",), id="code_twice"),
    pytest.param(INCOME, "blocks:", "blocks: {}\nmore:", ("blocks", "more"), id="no_blocks"),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), FORM_FAULTS)
def test_a_file_of_the_wrong_form_is_called_so(
    tmp_path: Path, file: str, old: str, new: str, said: tuple[str, ...]
) -> None:
    path = spoilt(tmp_path, NATIONAL, file, old, new)
    found = "\n".join(map(str, check_form(path)))
    assert [words for words in (f"{file}.yaml", *said) if words not in found] == []


def test_a_key_that_stands_too_deep_is_told_at_its_own_line(tmp_path: Path) -> None:
    path = spoilt(tmp_path, NATIONAL, REVIEW, "", "")
    before, after = path.read_text(encoding="utf-8").split("blocks:\n")
    blocks = re.match(r"(?: .*\n)+", after)[0]
    deeper = re.sub("^", "  ", "blocks:\n" + blocks, flags=re.MULTILINE).rstrip(" ")
    path.write_text(before + deeper + after.removeprefix(blocks), encoding="utf-8")
    (fault,) = check_form(path)
    assert fault.where == f"{path.name} 第{before.count(chr(10)) + 1}行"
    assert fault.message == "“blocks”缩进太深，成了“header”里面的一项"


FAULTS = [
    pytest.param(OVERVIEW, "11: 五、事业收入", "31: 五、事业收入", "事业收入", id="row_elsewhere"),
    pytest.param(OVERVIEW, "      11: 五、事业收入\n", "", "C11", id="input_bound_to_nothing"),
    pytest.param(OVERVIEW, "五、事业收入", "五、事业性收入", "事业性收入", id="label"),
    pytest.param(OVERVIEW, "13: 七、附属", "15: 七、附属", "附属单位上缴收入", id="blank_row"),
    pytest.param(OVERVIEW, "A1:F1: 收入支出决算总表", "A1:F1: 总表", "总表", id="title"),
    pytest.param(OVERVIEW, "公开01 收入", "公开01收入", "公开01收入", id="sheet_name"),
    pytest.param(OVERVIEW, "C5: 金额|决算数", "C5: 数额", "数额", id="header_text"),
    pytest.param(OVERVIEW, "A4:C4: 收入", "A4:B4: 收入", "A4:B4", id="merge"),
    pytest.param(INCOME, "事业收入: H", "事业收入: I", "绑定了两个字段", id="column_of_another"),
    pytest.param(INCOME, "其他收入: K", "其他收入: L", "其他收入", id="column_without_header"),
    pytest.param(INCOME, "first: 8\n    rows: 10", "first: 7\n    rows: 11", "A7", id="first_row"),
    pytest.param(INCOME, "rows: 10", "rows: 12", INCOME, id="row_count"),
    pytest.param(INCOME, "at: 7, label: 合计", "at: 6, label: 合计", "合计", id="total_row"),
    pytest.param(BASIC, "30101, 30102", "30102, 30101", "3010", id="codes_swapped"),
    pytest.param(BASIC, "30112, 30113", "30113", "30112", id="code_missing"),
    pytest.param(BASIC, "金额: F", "金额: E", "E6", id="amount_on_text"),
    pytest.param(TRIPS, "row: 8", "row: 7", "A7", id="single_row"),
    pytest.param(REVIEW, "B3:D3", "A3:D3", "A3", id="cell_on_its_label"),
    pytest.param(REVIEW, "until: 预算情况", "until: 没有的字", "部门预算总额", id="end_of_list"),
    pytest.param(PROJECTS, "many: 项目名称", "many: 项目名", "项目名", id="naming_field"),
    pytest.param(PROJECTS, "unit_name: 实施单位", "unit_name: 单位", "单位", id="unit_field"),
    pytest.param("edition", "部门决算公开表.xlsx", "没有.xlsx", "没有.xlsx", id="template"),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), FAULTS)
def test_a_mapping_that_does_not_fit_its_template_is_found_out(
    tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    path = spoilt(tmp_path, NATIONAL, file, old, new)
    found = check_edition(find_edition(str(path.parent)))
    assert found
    assert said in "\n".join(map(str, found))
    # each with the line of its file, and with what to do; a flood of one cause is one message
    assert [p for p in found if not (re.search(r"\.yaml.* 第\d+行", p.where) and p.hint)] == []
    assert len(found) <= 6


def test_a_merge_over_bound_cells_is_found_out(tmp_path: Path) -> None:
    path = spoilt(tmp_path, NATIONAL, INCOME, "first: 8", "first: 8")
    template = find_edition(NATIONAL).workbooks[0].template
    form = openpyxl.load_workbook(template)
    form["公开02 收入决算表"].merge_cells("E9:F10")
    form.save(path.parent / template.name)
    found = "\n".join(map(str, check_edition(find_edition(str(path.parent)))))
    assert "F9：“明细[2]·" in found and "被合并区域 E9:F10 覆盖" in found


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("edition", "收入决算表\n", "收入决算表二\n", "收入决算表二.yaml"),
        ("edition", "years:", "year:", "years"),
        ("edition", "edition:", "extends: 1999-x\nedition:", "1999-x"),
        (INCOME, "table: 收入决算表", "extends: 2021-national/没有", "没有"),
        (INCOME, "blocks:", "blocks: [", "YAML"),
        (OVERVIEW, "11: 五、事业收入", "12: 五、事业收入", "“12”在同一处写了两次"),
    ],
)
def test_an_edition_that_cannot_be_loaded_says_why(
    tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    path = spoilt(tmp_path, NATIONAL, file, old, new)
    with pytest.raises(InputError) as caught:
        find_edition(str(path.parent))
    assert said in str(caught.value)
    assert path.name in str(caught.value)


def test_check_tells_all_faults_on_the_command_line(tmp_path: Path) -> None:
    path = spoilt(tmp_path, NATIONAL, OVERVIEW, "五、事业收入", "五、事业性收入")
    text = path.read_text(encoding="utf-8").replace("A1:F1: 收入支出决算总表", "A1:F1: 总表")
    path.write_text(text, encoding="utf-8")
    (tmp_path / "坏.yaml").write_text("table: x\n", encoding="utf-8")
    args = ("mapping", "check", NATIONAL)
    assert xltool(*args, "坏.yaml", folder=tmp_path).code == 2
    folder = tmp_path / "别处"
    folder.mkdir()
    assert_refused(
        folder, *args[:2], str(path.parent), "../坏.yaml", said=("总表", "坏.yaml", "缺少 sheet")
    )
    answer = xltool("mapping", "check", folder=folder)
    assert (answer.code, answer.err) == (0, "")
    assert all(edition.id in answer.out for edition in all_editions())


def names_of(edition_id: str, book: int) -> dict[str, set[str]]:
    """The names that every sheet's picture has to show: fields, the rows of lists, the codes of fixed lists."""
    found: dict[str, set[str]] = {}
    for mapping in find_edition(edition_id).workbooks[book].tables:
        spec, names = table_spec(mapping), set()
        for block in mapping.blocks:
            if (listed := spec.lists.get(block.name)) is None:
                continue
            amounts = [c for c, kind in listed.columns.items() if kind == "amount"]
            if listed.listed:
                names |= {f"{block.name}[{code}]·{amounts[0]}" for code in listed.listed}
            else:
                rows = range(1, block.rows + 1)
                names |= {f"{block.name}[{n}]·{column}" for n in rows for column in listed.columns}
        extra = {"债务还本支出", "债务付息支出"} if edition_id == SHANGHAI else set()
        placed = (path for path in spec.fields if path not in spec.unplaced)
        names |= {"·".join(path) for path in placed if not extra & set(path)}
        found[mapping.sheet] = names | mapping.heads
    return found


@pytest.mark.parametrize(
    ("edition", "book"),
    [(e.id, n) for e in all_editions() if not e.recognise for n in range(len(e.workbooks))],
)
def test_show_writes_every_field_into_its_cell(tmp_path: Path, edition: str, book: int) -> None:
    found = find_edition(edition)
    target = tmp_path / "图.xlsx"
    Picture(found, found.workbooks[book]).save(target)
    picture = openpyxl.load_workbook(target)
    template = openpyxl.load_workbook(found.workbooks[book].template)
    for name, wanted in names_of(edition, book).items():
        printed = {c.coordinate: c.value for row in template[name].iter_rows() for c in row}
        shown = [
            cell.value
            for row in picture[name].iter_rows()
            for cell in row
            if cell.value is not None and cell.value != printed.get(cell.coordinate)
        ]
        lines = {
            line.pattern.split("|")[0] for m in found.workbooks[book].tables for line in m.lines
        }
        fields = [v for v in shown if v not in lines and not str(v).startswith("说明：")]
        # a formula of the template gives way to the name, which stands as text
        assert len(fields) == len(set(fields)) and set(fields) == wanted


def test_commands_work_from_any_folder(tmp_path: Path) -> None:
    folder = tmp_path / "我的 文件夹"
    folder.mkdir()
    answer = xltool("editions", folder=folder)
    assert [line.split("\t")[0] for line in answer.out.splitlines()] == [
        e.id for e in all_editions()
    ]
    answer = xltool("editions", SHANGHAI, folder=folder)
    assert (
        answer.out.count("工作表“") == 9 and "国有资本经营预算财政拨款收入支出决算表" in answer.out
    )
    answer = xltool("mapping", "show", NATIONAL, "--book", PROJECTS, "-o", "图.xlsx", folder=folder)
    assert answer.code == 0
    assert "项目资金·当年财政拨款·年初预算数" in {
        c.value for row in openpyxl.load_workbook(folder / "图.xlsx").active for c in row
    }
    assert xltool("--version", folder=folder).out.startswith("xltool ")


@pytest.mark.parametrize("edition", [e.id for e in all_editions()])
def test_schema_of_each_edition_is_printed_and_valid(tmp_path: Path, edition: str) -> None:
    answer = xltool("schema", "-e", edition, folder=tmp_path, encoding="gbk")
    schema = json.loads(answer.out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["版本"]["const"] == edition
    assert set(schema["properties"]["表"]["properties"]) == set(find_edition(edition).specs)


def test_demo_does_the_main_jobs_and_says_what_to_open(tmp_path: Path) -> None:
    answer = xltool("demo", folder=tmp_path, encoding="gbk")
    assert (answer.code, answer.err) == (0, "")
    folder = tmp_path / "xltool-demo"
    made = contents_of(folder)
    assert set(made) == {"决算.xlsx", "读回.json", "录错.xlsx", "录错-报告.html", "录错-标注.xlsx"}
    assert all(name in answer.out for name in made)
    assert "合格：" in answer.out and "51.32 录成 1.32" in answer.out
    assert "很可能是 D8" in answer.out
    document = json.loads((folder / "读回.json").read_text("utf-8"))
    assert document["单位名称"] == "中共上海市普陀区委社会工作部"
    assert read(folder / "决算.xlsx").report.year == 2024
    assert_refused(tmp_path, "demo", said=("决算.xlsx", "已存在", "--force"))
    assert xltool("demo", "--force", folder=tmp_path).code == 0


def test_a_template_may_lack_an_optional_table(tmp_path: Path) -> None:
    """A workbook that has the table all the same is validated, its formulas too."""
    own = tmp_path / "own"
    shutil.copytree(MAPPINGS / NATIONAL, own)
    editor = Editor(open_workbook(find_edition(NATIONAL).workbooks[0].template))
    editor.remove_sheet(REVIEW)
    editor.save(own / "部门决算公开表.xlsx")
    found = validate(SAMPLES / "beiguan-2021.xlsx", find_edition(str(own)))
    assert found.reading.edition.workbooks[0].template == own / "部门决算公开表.xlsx"
    assert [f.rule for f in found.findings if f.table == REVIEW and f.rule == "F-03"] == []
    assert found.ledger.lines["F-01"].outcome in ("通过", "不符")


def test_the_yaml_files_come_parsed_as_they_are() -> None:
    for path in MAPPINGS.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        # by their texts: the order of the keys and the kinds of numbers count, too
        assert repr(parsed.parsed(text)) == repr(load_yaml(text)), path


def test_only_a_yaml_file_that_was_changed_is_parsed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    anew: list[str] = []
    monkeypatch.setattr(parsed, "load_yaml", lambda text: anew.append(text) or load_yaml(text))
    clear_all()
    for edition in all_editions():
        assert edition.words.tables
    assert not anew, "python tasks.py trees"
    text = (MAPPINGS / NATIONAL / f"{INCOME}.yaml").read_text(encoding="utf-8")
    changed = text.replace(f"table: {INCOME}", "table: 别的表", 1)
    assert (parsed.parsed(changed)["table"], anew) == ("别的表", [changed])
