"""For programs on this machine: a workbook in, validate's JSON with the marks out, nothing kept."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from xltool.web.books import UploadTask
from xltool.web.desks import Desks, Refused
from xltool.web.jobs import JobFailed
from xltool.web.names import safe_name
from xltool.web.routes.uploads import receive
from xltool.web.work import check


async def validate(request: Request) -> Response:
    """`POST /api/validate?name=…&edition=…`, the body is the workbook."""
    desks: Desks = request.app.state.desks
    request.app.state.pages.asked()
    folder = desks.folder / f"api-{secrets.token_hex(8)}"
    folder.mkdir()
    size = 0
    try:
        source = folder / safe_name(request.query_params.get("name", "工作簿.xlsx"))
        size = await receive(request, source, desks.limits, desks.hold)
        edition = request.query_params.get("edition", "")
        task = UploadTask(source, folder / "out", edition)
        ok, text = await desks.jobs.run(check, task)
    except JobFailed as error:
        raise Refused(504, str(error)) from None
    finally:
        desks.hold(-size)
        await desks.remove_folder(folder)
    if not ok:
        return JSONResponse({"error": text}, 422)
    return Response(text, media_type="application/json")
