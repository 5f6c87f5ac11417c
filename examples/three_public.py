"""一个文件夹里所有工作簿的“三公”经费 → 一张 DataFrame → CSV。"""

from pathlib import Path

import xltool

FOLDER = Path("三公报送")
TABLE = "财政拨款“三公”经费支出决算表"


def make_books() -> None:
    """两个单位的工作簿：真用的时候，这个文件夹就是收上来的报送。"""
    FOLDER.mkdir(exist_ok=True)
    for name, cars, meals in (("甲局", "3.5", "0.8"), ("乙局", "6", "1.25")):
        figures = {"公务用车运行费": cars, "公务接待费": meals}
        data = {
            "版本": "2023-national",
            "单位名称": name,
            "年度": 2024,
            "金额单位": "万元",
            "表": {TABLE: {"预算数": figures, "决算数": figures}},
        }
        xltool.fill(data, out=FOLDER / f"{name}.xlsx", force=True)


def main() -> None:
    make_books()
    facts = xltool.frame(FOLDER)
    public = facts[(facts["表"] == TABLE) & (facts["行"] == "决算数")]
    wide = public.pivot(index=["单位名称", "金额单位"], columns="列", values="值")
    print(wide.to_string())
    wide.to_csv("三公经费.csv", encoding="utf-8-sig")


if __name__ == "__main__":
    main()
