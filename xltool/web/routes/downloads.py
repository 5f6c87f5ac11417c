"""Files as answers: each is kept under its own name, none is shown in place of the page."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from starlette.responses import FileResponse, Response

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    ".yaml": "application/yaml; charset=utf-8",
    ".zip": "application/zip",
}


def download(path: Path) -> Response:
    """A file on disk."""
    return FileResponse(path, media_type=_kind(path.name), headers=_headers(path.name))


def download_bytes(name: str, data: bytes) -> Response:
    """A file that is nowhere but here."""
    return Response(data, media_type=_kind(name), headers=_headers(name))


def _kind(name: str) -> str:
    return _TYPES.get(Path(name).suffix.lower(), "application/octet-stream")


def _headers(name: str) -> dict[str, str]:
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
