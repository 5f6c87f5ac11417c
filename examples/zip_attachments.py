"""压缩包里的工作簿不解压，逐本校验。"""

import zipfile
from pathlib import Path

import xltool

SAMPLES = Path(__file__).parent.parent / "samples"

with zipfile.ZipFile("附件.zip", "w") as archive:
    for book in SAMPLES.glob("*.xlsx"):
        archive.write(book, book.name)
    archive.writestr("坏的.xlsx", b"not a workbook")

with zipfile.ZipFile("附件.zip") as archive:
    for name in archive.namelist():
        try:
            checked = xltool.validate(archive.read(name))
        except xltool.InputError as error:
            print(f"{name}：读不了（{error}）")
        else:
            print(f"{name}：{checked.verdict}")
