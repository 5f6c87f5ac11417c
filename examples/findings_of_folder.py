"""一个文件夹全部校验：哪些不合格，错得最多的是哪几条规则。"""

import shutil
from pathlib import Path

import xltool

SAMPLES = Path(__file__).parent.parent / "samples"


def main() -> None:
    folder = Path("报送")
    folder.mkdir(exist_ok=True)
    for book in SAMPLES.glob("*.xlsx"):
        shutil.copy(book, folder)

    tables = xltool.frames(folder, validate=True)
    print(tables["books"][["文件", "单位名称", "结论", "不符"]].to_string(index=False))
    findings = tables["findings"]
    print(findings.groupby(["规则", "规则名称"]).size().sort_values(ascending=False).head(5))
    findings.to_excel("全部问题.xlsx", index=False)


if __name__ == "__main__":
    main()
