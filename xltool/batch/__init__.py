"""Many workbooks at once: found, read in worker processes, kept as parts, put together into one output.

    sources   what the user named -> the workbooks in it
    worker    one task: a few workbooks -> a part (a file in the work folder)
    runner    tasks -> worker processes, or Dask; survives dead workers
    parts     the work folder: what is finished, and what a resumed run can keep
    sinks     parts, in the order of the sources -> JSON, JSONL, CSV, Parquet, DuckDB, Excel
    convert   all of it, for `xltool convert`

Nothing heavy is imported here: most of the modules need the extra `batch`.
"""
