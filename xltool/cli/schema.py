"""`xltool schema`: the JSON Schema of an edition's data document."""

from __future__ import annotations

import json
from pathlib import Path

import click

from xltool.cli.options import edition_option, force_option, output_option, put_json
from xltool.documents.schema import document_schema
from xltool.editions import find_edition, newest_edition


@click.command(help="输出数据文档的 JSON Schema（默认为最新的全国版本）。")
@edition_option
@output_option("写到哪个文件（默认显示在屏幕上）")
@force_option
def command(edition: str | None, output: Path | None, force: bool) -> None:
    """Print or write the schema."""
    found = find_edition(edition) if edition else newest_edition()
    schema = document_schema(found.id, found.name, found.specs)
    put_json(json.dumps(schema, ensure_ascii=False, indent=1) + "\n", output, force=force)
