"""一张长表里有许多单位（可以是三百个）：每个单位填一本工作簿，填不成的说明原因。"""

from pathlib import Path

import pandas as pd

import xltool

table = pd.read_csv(Path(__file__).parent / "各单位.csv", dtype=str)
folder = Path("填好的")
folder.mkdir(exist_ok=True)

for name, rows in table.groupby("单位名称", sort=False):
    try:
        xltool.fill(rows, out=folder / f"{name}.xlsx", force=True)
    except xltool.InputError as error:
        print(f"{name}：没有填\n{error}")
    else:
        print(f"{name}：已填")
