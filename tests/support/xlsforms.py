"""An official form as an old program saves it: .xls."""

from __future__ import annotations

from pathlib import Path

import xlwt

BOXED = "font: name 宋体, height 240; borders: left thin, right double, top thin, bottom hair"
HEADS = ["科目编码", "科目名称", "本年收入合计", "财政拨款收入", "其他收入"]


def old_form(path: Path, *, picture: bool = False) -> Path:
    """An official form as an old program saves it: landscape, frozen, protected, filled, with a formula."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("公开02")
    title = xlwt.easyxf("font: name 黑体, height 360, bold on; align: horiz center, vert center")
    head = xlwt.easyxf(
        f"{BOXED}; align: horiz center, wrap on; pattern: pattern solid, fore_colour yellow"
    )
    amount = xlwt.easyxf(f"{BOXED}; protection: cell_locked off", num_format_str="#,##0.00")
    sheet.write_merge(0, 0, 0, 4, "收入决算表", title)
    sheet.write(1, 0, "编制单位：某县财政局")
    sheet.write(1, 2, "2023年度")
    sheet.write(1, 4, "金额单位：元")
    for column, text in enumerate(HEADS):
        sheet.write(2, column, text, head)
    for row, cells in enumerate((["合计", ""], ["2010301", "行政运行"]), 3):
        for column, text in enumerate(cells):
            sheet.write(row, column, text, head)
        sheet.write(row, 2, xlwt.Formula(f"SUM(D{row + 1}:E{row + 1})"), amount)
        sheet.write(row, 3, 12.5, amount)
        sheet.write(row, 4, "", amount)
    sheet.write(5, 0, "注：本表反映收入情况。")
    sheet.col(0).width, sheet.col(4).width = 20 * 256, 12 * 256
    sheet.row(2).height_mismatch, sheet.row(2).height = True, 30 * 20
    sheet.row(5).hidden = True
    sheet.set_portrait(False)
    sheet.paper_size_code, sheet.fit_num_pages, sheet.fit_width_to_pages = 9, 1, 1
    sheet.left_margin, sheet.header_str = 0.3, b"&CGK02"
    sheet.footer_str = b"&C&P"
    sheet.set_panes_frozen(True)
    sheet.set_horz_split_pos(3)
    sheet.set_protect(True)
    if picture:
        strong = xlwt.easyfont("bold on, colour_index red")
        sheet.write_rich_text(6, 0, ["说明：", ("要紧的", strong)])
        sheet.insert_bitmap_data(_dot(), 7, 0)
    book.save(str(path))
    return path


def _dot() -> bytes:
    """A picture of one point."""
    head = b"BM" + (58).to_bytes(4, "little") + bytes(4) + (54).to_bytes(4, "little")
    size = b"".join(n.to_bytes(4, "little") for n in (40, 1, 1))
    return (
        head + size + (1).to_bytes(2, "little") + (24).to_bytes(2, "little") + bytes(24) + bytes(4)
    )
