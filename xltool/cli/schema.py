"""`xltool schema`: the JSON Schema of an edition's data document."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.cli.options import (
    edition_files,
    edition_option,
    force_option,
    output_option,
    put_json,
)
from xltool.core.saving.guard import check_outputs
from xltool.documents.schema import document_schema, dumps_schema, is_schema
from xltool.editions import find_edition, newest_edition


@click.command(help="输出数据文档的 JSON Schema（默认为最新的全国版本）。")
@edition_option
@output_option("写到哪个文件（默认显示在屏幕上）")
@force_option
def command(edition: str | None, output: Path | None, force: bool) -> None:
    """Print or write the schema."""
    check_outputs([output] if output else [], edition_files(edition), force=force, made=is_schema)
    found = find_edition(edition) if edition else newest_edition()
    schema = document_schema(found.id, found.name, found.specs)
    put_json(dumps_schema(schema), output, force=force)
