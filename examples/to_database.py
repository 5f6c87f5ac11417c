"""一批工作簿 → DuckDB 数据库，用 SQL 问。"""

from pathlib import Path

import duckdb

import xltool

SAMPLES = Path(__file__).parent.parent / "samples"


def main() -> None:
    done = xltool.convert(SAMPLES, "库.duckdb", validate=True, force=True)
    print(dict(done.states), dict(done.verdicts))
    with duckdb.connect("库.duckdb", read_only=True) as database:
        sql = "SELECT 单位名称, 表, count(*) AS 个数 FROM facts GROUP BY ALL ORDER BY ALL LIMIT 5"
        print(database.sql(sql))


if __name__ == "__main__":
    main()
