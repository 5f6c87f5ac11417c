"""Draws the pictures of docs/pictures: a filled sample, and another with slips.

Needs LibreOffice (soffice), poppler (pdftoppm, pdftotext), ImageMagick (convert) and Chromium on the
search path, and a Chinese font. Run it again whenever marks, result sheet or report look different.
"""

from __future__ import annotations

import shutil
import sys
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.pictures import MARGINS, keep, run
from xltool.checks import validate
from xltool.core.resources import SAMPLES
from xltool.documents.datafile import read_document
from xltool.documents.load import from_raw
from xltool.filling import fill
from xltool.ooxml import Editor, open_workbook
from xltool.ooxml.calc.recalc import recalculate
from xltool.reporting.html import render
from xltool.reporting.workbook.annotate import annotate

SLIPS: dict[tuple[str, str], Decimal | str] = {
    ("收入支出决算总表", "D33"): Decimal("308.82"),
    ("收入支出决算总表", "F20"): Decimal("12.5"),
    ("收入决算表", "D17"): "二点二二",
    ("一般公共预算财政拨款基本支出决算表", "C11"): Decimal("-4.64"),
}
FORMS = {
    "公开01表": "填报-总表",
    "公开05表": "填报-一般公共预算支出",
    "整体预算绩效自评表": "填报-自评表",
}
"""Pages of the filled sample, by words on them."""
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


def main() -> None:
    """Draw all pictures; stop when a program is missing or a picture is too large."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        forms = as_pdf(SAMPLES / "beiguan-2021.xlsx", folder)
        for words, drawn in FORMS.items():
            keep_sheet(forms, words, drawn, density=80, share=100)
        book = _book(folder)
        validation = validate(book)
        copy = folder / "决算.标注.xlsx"
        annotate(validation, copy)
        pdf = as_pdf(copy, folder)
        keep_sheet(pdf, "收入支出决算总表", "标注本", density=80, share=74)
        keep_sheet(pdf, "校验结果：", "校验结果", density=104, share=100)
        report = folder / "报告.html"
        page = render(validation, file=book.name)
        report.write_text(page, encoding="utf-8", newline="\n")
        _screen(report, folder, "报告")


def _book(folder: Path) -> Path:
    """The sample, filled, with the slips, calculated as Excel would."""
    report, edition = from_raw(read_document(SAMPLES / "sgb-2024.json"))
    book = folder / "决算.xlsx"
    fill(report, edition, book, totals="given")
    editor = Editor(open_workbook(book))
    for (sheet, ref), value in SLIPS.items():
        editor.set(sheet, ref, value, over_formula=True)
    for (sheet, ref), result in recalculate(editor.sheets()).values.items():
        editor.set_cached(sheet, ref, result)
    editor.save(book)
    return book


def as_pdf(book: Path, folder: Path) -> Path:
    """A workbook as LibreOffice prints it."""
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"]
    run([*command, "--outdir", str(folder), str(book)])
    return folder / f"{book.stem}.pdf"


def keep_sheet(pdf: Path, words: str, name: str, *, density: int, share: int) -> None:
    """The first printed page with these words: of its height, so many percent from the top."""
    texts = run(["pdftotext", "-layout", str(pdf), "-"]).decode("utf-8").split("\f")
    number = next(n for n, text in enumerate(texts, 1) if words in text)
    drawn = pdf.with_name(name)
    span = ["-f", str(number), "-l", str(number), "-singlefile", "-r", str(density)]
    run(["pdftoppm", "-png", *span, str(pdf), str(drawn)])
    top = ("-gravity", "north", "-crop", f"100x{share}%+0+0", "+repage", "+gravity")
    keep(drawn.with_suffix(".png"), name, *top, *MARGINS)


def _screen(page: Path, folder: Path, name: str) -> None:
    """The first screenful of a page."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        sys.exit(f"没有可用的浏览器：{'、'.join(_BROWSERS)}")
    drawn = folder / f"{name}.png"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    profile = f"--user-data-dir={folder / 'browser'}"
    shot = ["--window-size=1280,1240", f"--screenshot={drawn}", page.as_uri()]
    run([browser, *options, profile, *shot])
    keep(drawn, name, *MARGINS)


if __name__ == "__main__":
    main()
