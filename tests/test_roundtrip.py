"""Fill, then read: every value given comes back, blank and 0 apart, and what was added is what follows from it.

What follows is computed a second time by `tests.support.documents.supplied`, from the official forms.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.books import (
    Raw,
    cells,
    differences,
    expected_cells,
    fill_raw,
    heads,
    read_raw,
)
from tests.support.documents import EDITIONS, leaves, make
from tests.support.documents.supplied import cells_of, supplied
from tests.support.libreoffice import recalculated
from xltool.core.caches import clear_all
from xltool.core.places import facts
from xltool.core.problems import InputError
from xltool.core.resources import SAMPLES
from xltool.documents.datafile import read_document
from xltool.documents.load import from_raw, load
from xltool.documents.longtable import read_long_table
from xltool.documents.writing import to_raw
from xltool.reading import read

SAMPLE_NAMES = ("beiguan-2021", "sgb-2024")
FORMS = (("元", False), ("万元", False), ("万元", True))
"""Unit of a document and whether its figures are printed ones, rounded one by one."""
TITLE = "收入支出决算总表"
PROJECTS = "项目支出绩效自评表"
SEVERAL_PROJECTS = 3
"""A seed whose unit has projects, and assesses itself as a whole too."""
FILLED_IN_TURN = ((SEVERAL_PROJECTS, 60), (1, 0), (2, 12))
"""Seeds and numbers of details."""
LONG_TABLE = ("表", "行", "科目编码", "科目名称", "列", "值", "文本")


def sample(name: str) -> Raw:
    return read_document(SAMPLES / f"{name}.json")


def assert_comes_back(raw: Raw, folder: Path, *, totals: str = "formula") -> None:
    """Filled and read in its own unit, the document has every cell that it should have and no other."""
    filled = fill_raw(raw, folder / "报表.xlsx", totals=totals)
    back = read_raw(filled.files, raw["金额单位"])
    assert differences(expected_cells(raw, given=totals == "given"), cells(back)) == []
    assert heads(back) == heads(raw)
    placed = back.keys() - {"表"}
    notes = "".join(filled.notes)
    assert [h for h in raw if h != "表" and h not in placed and f"“{h}”" not in notes] == []
    for name, table in back["表"].items():
        for one in table if isinstance(table, list) else [table]:
            codes = [row["科目编码"] for row in one.get("明细", ())]
            if name != "一般公共预算财政拨款基本支出决算表":
                assert codes == sorted(codes)


@pytest.mark.parametrize("totals", ["formula", "given"])
def test_the_seed_sample_comes_back(tmp_path: Path, totals: str) -> None:
    assert_comes_back(sample("beiguan-2021"), tmp_path, totals=totals)


def test_the_published_sample_comes_back_with_its_residuals(tmp_path: Path) -> None:
    raw = sample("sgb-2024")
    assert_comes_back(raw, tmp_path, totals="given")
    back = cells(read_raw([tmp_path / "报表.xlsx"]))
    for name, (table,) in cells(raw).items():
        for path, value in table.items():
            assert back[name][0][path] == value, (name, path)


@given(
    seed=st.integers(0, 10**6),
    edition=st.sampled_from(sorted(EDITIONS)),
    details=st.integers(1, 25),
    form=st.sampled_from(FORMS),
    bare=st.booleans(),
)
@example(seed=2, edition="2021-national", details=8, form=("元", False), bare=False)
@example(seed=0, edition="2023-national", details=8, form=("万元", False), bare=True)
@example(seed=0, edition="2024-shanghai", details=40, form=("万元", True), bare=True)
@settings(
    max_examples=14,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_generated_documents_come_back(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    edition: str,
    details: int,
    form: tuple[str, bool],
    bare: bool,
) -> None:
    """`bare`: only what cannot be computed is given. Complete printed figures need `--totals given`."""
    unit, printed = form
    raw = make(seed, edition, details=details, unit=unit, printed=printed)
    totals = "given" if printed and not bare else "formula"
    folder = tmp_path_factory.mktemp("filled")
    assert_comes_back(leaves(raw) if bare else raw, folder, totals=totals)


@pytest.mark.parametrize(("edition", "details"), [("2023-national", 400), ("2024-shanghai", 150)])
def test_long_lists_come_back(tmp_path: Path, edition: str, details: int) -> None:
    raw = make(3, edition, details=details, unit="元")
    rows = raw["表"]["支出决算表"]["明细"]
    assert sum(len(row["科目编码"]) == 7 for row in rows) > 0.9 * details
    assert_comes_back(leaves(raw), tmp_path)


def test_a_form_is_blank_for_every_document(tmp_path: Path) -> None:
    documents = [make(seed, "2023-national", details=details) for seed, details in FILLED_IN_TURN]
    clear_all()
    fill_raw(documents[-1], tmp_path / "先.xlsx")
    for n, raw in enumerate(documents):
        fill_raw(raw, tmp_path / f"{n}.xlsx")
    last = tmp_path / f"{len(documents) - 1}.xlsx"
    assert last.read_bytes() == (tmp_path / "先.xlsx").read_bytes()


@pytest.mark.parametrize("edition", sorted(EDITIONS))
def test_what_is_supplied_to_bare_figures_is_the_complete_document(
    tmp_path: Path, edition: str
) -> None:
    """The generator's own totals, which are integers of 分, as a third opinion."""
    raw = make(6, edition, details=20, unit="万元", zeros=True)
    filled = fill_raw(leaves(raw), tmp_path / "报表.xlsx")
    back = cells(read_raw(filled.files))
    for name, tables in cells(raw).items():
        for n, table in enumerate(tables):
            shown = {p: v for p, v in table.items() if p[-1] != "执行率"}
            assert {p: back[name][n].get(p) for p in shown} == shown, name


def printed_with_residuals() -> Iterator[tuple[Raw, set[tuple[str, ...]]]]:
    for edition in sorted(EDITIONS):
        for seed in range(2):
            raw = make(seed, edition, details=12, unit="万元", printed=True)
            found: set[tuple[str, ...]] = set()
            for name, table in raw["表"].items():
                for n, one in enumerate(table if isinstance(table, list) else [table]):
                    shown = f"{name}#{n + 1}" if n else name
                    found |= {("表", shown, *path) for path in supplied(name, one)[1]}
            yield raw, found


def test_totals_that_differ_are_all_named_and_nothing_is_written(tmp_path: Path) -> None:
    contradictory = 0
    for raw, wanted in printed_with_residuals():
        if not wanted:
            continue
        contradictory += 1
        with pytest.raises(InputError) as caught:
            fill_raw(raw, tmp_path / "报表.xlsx")
        named = {tuple(problem.where.split(" › ")) for problem in caught.value.problems}
        # the fixed list of economic codes has one column, which is not named
        assert named == {p[:-1] if p[-1] == "金额" else p for p in wanted}
        assert all("--totals given" in problem.hint for problem in caught.value.problems)
        assert list(tmp_path.iterdir()) == []
    assert contradictory >= 4


def test_a_yuan_document_prints_exact_ten_thousands(tmp_path: Path) -> None:
    raw = make(4, "2023-national", details=15, unit="元")
    filled = fill_raw(raw, tmp_path / "报表.xlsx")
    back = read_raw(filled.files[:1])
    assert back["金额单位"] == "万元"
    wanted = supplied(TITLE, raw["表"][TITLE])[0]
    assert wanted == {p: v * 10000 for p, v in cells_of(back["表"][TITLE]).items()}


def test_blank_and_zero_stay_apart_in_the_cells_and_on_the_way_back(tmp_path: Path) -> None:
    raw: Raw = {
        "版本": "2023-national",
        "单位名称": "某局",
        "年度": Decimal(2023),
        "金额单位": "万元",
        "表": {
            TITLE: {"收入": {"事业收入": Decimal(0), "其他收入": None, "经营收入": "—"}},
            "支出决算表": {
                "明细": [{"科目编码": "2010101", "基本支出": Decimal(0), "项目支出": None}]
            },
        },
    }
    (book,) = fill_raw(raw, tmp_path / "报表.xlsx").files
    sheet = openpyxl.load_workbook(book)["公开01 收入支出决算总表"]
    assert [sheet[ref].value for ref in ("C11", "C12", "C14")] == [0, None, None]
    back = read_raw([book])["表"]
    assert back[TITLE]["收入"] == {"事业收入": 0, "本年收入合计": 0, "总计": 0}
    assert "支出" not in back[TITLE]
    for row in back["支出决算表"]["明细"]:
        assert {c: v for c, v in row.items() if isinstance(v, Decimal)} == {
            "本年支出合计": 0,
            "基本支出": 0,
        }


def test_rows_in_any_order_are_written_in_the_order_of_the_form(tmp_path: Path) -> None:
    raw = make(8, "2024-shanghai", details=25, unit="万元")
    mixed = leaves(raw)
    for table in mixed["表"].values():
        if "明细" in table:
            table["明细"] = table["明细"][::2] + table["明细"][1::2][::-1]
    fill_raw(mixed, tmp_path / "乱序.xlsx")
    fill_raw(leaves(raw), tmp_path / "顺序.xlsx")
    assert (tmp_path / "乱序.xlsx").read_bytes() == (tmp_path / "顺序.xlsx").read_bytes()


NAMES = (
    "信息化建设",
    "信息化建设",
    "a/b\\c:d*e?f[g]",
    "'引号'",
    "ABC工程",
    "abc工程",
    "乡村振兴示范点建设与长效管护补助资金（中央直达）第一批项目",
    "乡村振兴示范点建设与长效管护补助资金（中央直达）第一批项目",
)


def test_every_project_gets_a_sheet_and_they_come_back_in_order(tmp_path: Path) -> None:
    raw: Raw = {
        "版本": "2021-national",
        "单位名称": "某局",
        "年度": Decimal(2021),
        "金额单位": "元",
        "表": {
            PROJECTS: [
                {
                    "项目名称": name,
                    "实施单位": "某局",
                    "项目资金": {
                        "当年财政拨款": {"全年预算数": Decimal(n), "全年执行数": Decimal(0)}
                    },
                    "绩效指标": [
                        {"三级指标": f"指标{i}", "分值": Decimal(i)} for i in range(n * 3)
                    ],
                }
                for n, name in enumerate(NAMES, 1)
            ]
        },
    }
    (book,) = fill_raw(raw, tmp_path / "项目.xlsx").files
    names = openpyxl.load_workbook(book).sheetnames
    assert len({name.casefold() for name in names}) == len(NAMES)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert all(name[0] != "'" != name[-1] for name in names)
    back = read_raw([book], "元")
    assert [project["项目名称"] for project in back["表"][PROJECTS]] == list(NAMES)
    assert differences(expected_cells(raw), cells(back)) == []


def test_only_heads_without_any_place_are_said_to_be_left_out(tmp_path: Path) -> None:
    raw = make(SEVERAL_PROJECTS, "2021-national", details=12) | {"单位编码": "410503001"}
    filled = fill_raw(raw, tmp_path / "报表.xlsx")
    assert len(filled.files) == 2
    assert read_raw(filled.files)["填报人"] == raw["填报人"]
    assert filled.notes == ["表样里没有“单位编码”的位置，没有写入"]


def long_table(raw: Raw) -> list[dict[str, object]]:
    """The document as lines of 表, 行, 科目编码, 列, 值, with its heads as columns."""
    report, edition = from_raw(raw)
    lines: list[dict[str, object]] = []
    for _, fact in facts(report, edition.specs):
        values = (fact.table, fact.row, fact.code, fact.name, fact.column, fact.value, fact.text)
        lines.append({**heads(raw), **dict(zip(LONG_TABLE, values, strict=True))})
    return lines


def csv_bytes(lines: list[dict[str, object]], encoding: str) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(lines[0]))
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode(encoding)


def xlsx_bytes(lines: list[dict[str, object]]) -> bytes:
    """As people have it: a title above the header, numbers as numbers."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("长表")
    sheet.append(["决算数据"])
    sheet.append(list(lines[0]))
    for line in lines:
        sheet.append([None] * len(line))
        for n, value in enumerate(line.values(), 1):
            cell = sheet.cell(sheet.max_row, n, value)
            if isinstance(value, str):
                cell.data_type = "s"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["utf-8", "utf-8-sig", "gbk", "xlsx"])
def test_a_long_table_is_the_same_report_as_the_document(tmp_path: Path, kind: str) -> None:
    raw = make(SEVERAL_PROJECTS, "2021-national", details=12, unit="万元")
    assert len(raw["表"][PROJECTS]) > 1
    raw = {**heads(raw), "表": raw["表"]}
    lines = long_table(raw)
    source = tmp_path / ("长表.xlsx" if kind == "xlsx" else "长表.csv")
    source.write_bytes(xlsx_bytes(lines) if kind == "xlsx" else csv_bytes(lines, kind))
    report, _ = load(source)
    assert report == from_raw(raw)[0]


def test_a_long_table_of_five_columns_fills_the_same_workbook(tmp_path: Path) -> None:
    from xltool.filling import fill

    raw = leaves(make(7, "2024-shanghai", details=9, unit="元"))
    raw = {**heads(raw), "表": raw["表"]}
    lines = [
        {c: v for c, v in line.items() if c in ("表", "行", "科目编码", "列", "值", *heads(raw))}
        for line in long_table(raw)
    ]
    (tmp_path / "长表.csv").write_bytes(csv_bytes(lines, "gbk"))
    report, edition = load(tmp_path / "长表.csv")
    fill(report, edition, tmp_path / "长表.xlsx")
    fill_raw(raw, tmp_path / "文档.xlsx")
    assert (tmp_path / "长表.xlsx").read_bytes() == (tmp_path / "文档.xlsx").read_bytes()


@pytest.fixture(scope="module")
def resaved(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Path, Raw]]:
    """Both samples and a document of each edition: filled, and as LibreOffice recalculated and saved them."""
    folder = tmp_path_factory.mktemp("resaved")
    raws = [(sample(name), "given") for name in SAMPLE_NAMES]
    raws += [(make(22, edition, details=18, unit="元"), "formula") for edition in sorted(EDITIONS)]
    raws.append((make(5, "2024-shanghai", details=10, unit="万元", printed=True), "given"))
    books: list[tuple[Path, Raw]] = []
    for n, (raw, totals) in enumerate(raws):
        filled = fill_raw(raw, folder / f"{n}.xlsx", totals=totals)
        books += [(book, read_raw([book])) for book in filled.files]
    again = recalculated(soffice, [book for book, _ in books], folder)
    return [(book, new, raw) for (book, raw), new in zip(books, again, strict=True)]


def test_stored_values_are_those_that_libreoffice_calculates(
    resaved: list[tuple[Path, Path, Raw]],
) -> None:
    compared = 0
    for book, again, _ in resaved:
        formulas = openpyxl.load_workbook(book)
        stored = openpyxl.load_workbook(book, data_only=True)
        fresh = openpyxl.load_workbook(again, data_only=True)
        for sheet in formulas:
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                if cell.data_type == "f":
                    ours = stored[sheet.title][cell.coordinate].value
                    theirs = fresh[sheet.title][cell.coordinate].value
                    where = book.name, sheet.title, cell.coordinate, cell.value, ours, theirs
                    assert same_value(ours, theirs), where
                    compared += 1
    assert compared > 1500


def same_value(a: object, b: object) -> bool:
    """Numbers to fifteen digits, and but for what subtraction leaves over; a blank is no zero."""
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return math.isclose(a, b, rel_tol=1e-14, abs_tol=1e-9)
    return a == b or {a, b} == {None, ""}


def test_libreoffice_saves_the_same_document(resaved: list[tuple[Path, Path, Raw]]) -> None:
    for book, again, raw in resaved:
        back = read_raw([again])
        assert heads(back) == heads(raw)
        assert differences(cells(raw), cells(back)) == [], book.name


def test_openpyxl_saves_the_same_document_though_it_drops_the_values(
    resaved: list[tuple[Path, Path, Raw]], tmp_path: Path
) -> None:
    for book, _, raw in resaved:
        openpyxl.load_workbook(book).save(tmp_path / book.name)
        back = read_raw([tmp_path / book.name])
        assert heads(back) == heads(raw)
        assert differences(cells(raw), cells(back)) == [], book.name


@pytest.mark.parametrize("edition", sorted(EDITIONS))
def test_a_filled_workbook_has_nothing_that_drifts_or_matches_no_field(
    tmp_path: Path, edition: str
) -> None:
    for book in fill_raw(make(10, edition, details=30, unit="万元"), tmp_path / "报表.xlsx").files:
        reading = read(book)
        assert list(reading.drift) == []
        assert list(reading.unmatched) == []


def test_a_long_table_holds_several_instances_and_texts_that_look_like_formulas(
    tmp_path: Path,
) -> None:
    head = "版本,单位名称,年度,金额单位,表,份,行,科目编码,列,值,文本\n"
    same = "2021-national,某局,2021,万元,项目支出绩效自评表"
    lines = [
        f"{same},1,项目名称,,,,'=甲项目",
        f"{same},2,项目名称,,,,乙项目",
        f"{same},1,绩效指标#1,,三级指标,,'-5%以内",
        f"{same},2,绩效指标#1,,三级指标,,'引用'",
    ]
    table = tmp_path / "长表.csv"
    table.write_text(head + "\n".join(lines), encoding="utf-8-sig")
    report, _ = read_long_table(table)
    first, second = to_raw(report)["表"]["项目支出绩效自评表"]
    assert (first["项目名称"], second["项目名称"]) == ("=甲项目", "乙项目")
    assert first["绩效指标"][0]["三级指标"] == "-5%以内"
    assert second["绩效指标"][0]["三级指标"] == "'引用'"
