"""Routes about what was checked outside of the page: workbooks dropped on a door, folders that are watched."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from xltool.core.problems import system_reason
from xltool.watch import diary
from xltool.web.desks import Refused
from xltool.web.names import safe_name
from xltool.web.routes.desk import find_desk, find_desks


def _name(entry: diary.DiaryEntry) -> str:
    return sha256(entry.path.encode()).hexdigest()[:16]


async def show(request: Request) -> Response:
    """What was checked of late, and which folders are watched."""
    entries, folders = await asyncio.to_thread(lambda: (diary.recent(), diary.watched()))
    books = [
        {
            "id": _name(entry),
            "name": Path(entry.path).name,
            "folder": str(Path(entry.path).parent),
            "verdict": entry.verdict,
            "when": entry.when,
        }
        for entry in entries
    ]
    return JSONResponse({"books": books, "watched": [asdict(folder) for folder in folders]})


async def forget(request: Request) -> Response:
    """Forget the workbooks."""
    await asyncio.to_thread(diary.forget)
    return Response(status_code=204)


async def put(request: Request) -> Response:
    """Lay one of the workbooks on a desk, as it is now. Only what is in the list can be asked for."""
    desks, desk = find_desks(request), find_desk(request)
    wanted = request.path_params["book"]
    entry = next((one for one in diary.recent() if _name(one) == wanted), None)
    if entry is None:
        raise Refused(404, "清单里没有这份工作簿")
    source = Path(entry.path)
    upload = desks.new_upload(desk, safe_name(source.name))
    try:
        upload.size = source.stat().st_size
        if upload.size > desks.limits.max_file:
            raise Refused(413, f"文件超过 {desks.limits.max_file >> 20} MB，没有打开")
        desks.hold(upload.size)
        await asyncio.to_thread(shutil.copyfile, source, upload.source)
    except OSError as error:
        await desks.remove(desk, upload)
        raise Refused(404, f"{source.name}：打不开：{system_reason(error)}") from None
    except Refused:
        upload.size = 0
        await desks.remove(desk, upload)
        raise
    desks.work(desk, upload)
    return JSONResponse({"id": upload.id}, 201)


ROUTES = [
    Route("/api/recent", show),
    Route("/api/recent", forget, methods=["DELETE"]),
    Route("/api/desks/{desk}/recent/{book}", put, methods=["POST"]),
]
