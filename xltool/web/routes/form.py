"""The routes of forms of one's own: what is recognised in a workbook, questions, the edition to keep."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from xltool.core.suffixes import WORKBOOKS
from xltool.web.desks import Refused, Upload
from xltool.web.formwork import FormTask, OwnForm, keep_form, make_form, zipped
from xltool.web.jobs import JobFailed
from xltool.web.routes.desk import find_desks, find_upload, shown_page
from xltool.web.routes.downloads import download_bytes
from xltool.web.routes.uploads import small_body

_LONGEST = 200


async def make(request: Request) -> Response:
    """An edition is made of an upload, with what a person said of it so far."""
    desks, (_, upload) = find_desks(request), find_upload(request)
    if upload.source.suffix.lower() not in WORKBOOKS or upload.state == "receiving":
        raise Refused(400, "请求不对：不是工作簿")
    said = _said(await small_body(request, desks.limits))
    upload.forms += 1
    task = FormTask(upload.source, upload.folder / f"form{upload.forms}", **said)
    try:
        made = await desks.jobs.run(make_form, task)
    except JobFailed as error:
        raise Refused(422, str(error)) from None
    old, upload.form = upload.form, made
    if old is not None:
        await desks.remove_folder(old.out)
    return JSONResponse({"id": made.id, "name": made.name, "problems": made.problems, **made.facts})


def _said(body: bytes) -> dict[str, Any]:
    """Id, name and answers in a request. Raises `Refused`."""
    try:
        raw = json.loads(body)
        said = {"id": raw["id"].strip(), "name": raw["name"].strip(), "answers": raw["answers"]}
        texts = [
            said["id"],
            said["name"],
            *(text for pair in said["answers"].items() for text in pair),
        ]
        sound = all(isinstance(text, str) and len(text) <= _LONGEST for text in texts)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        sound = False
    if not sound:
        raise Refused(400, "请求不对：版本号、名称或答案")
    return said


def _made(request: Request) -> tuple[Upload, OwnForm]:
    """The edition of an upload. Raises `Refused` where there is none."""
    _, upload = find_upload(request)
    if upload.form is None or upload.form.problems:
        raise Refused(404, "没有这份结果，可能已经清除")
    return upload, upload.form


async def picture(request: Request) -> Response:
    """The page that shows what each cell was taken for; no script runs in it."""
    _, form = _made(request)
    return shown_page(form.picture.read_text(encoding="utf-8"), "'none'")


async def folder(request: Request) -> Response:
    """The edition as a zip."""
    _, form = _made(request)
    data = await asyncio.to_thread(zipped, form.folder, form.id)
    return download_bytes(f"{form.id}.zip", data)


async def keep(request: Request) -> Response:
    """The edition is installed for the user of this machine."""
    _, form = _made(request)
    if not form.usable:
        raise Refused(409, "还没有试填成功，存了也不能用：先回答下面的问题")
    replace = request.query_params.get("replace") == "1"
    try:
        kept = await find_desks(request).jobs.run(keep_form, form.folder, replace)
    except JobFailed as error:
        raise Refused(422, str(error)) from None
    return JSONResponse({"problems": kept.problems, "there": kept.there})


_FORM = "/api/desks/{desk}/uploads/{upload}/form"
ROUTES = [
    Route(_FORM, make, methods=["POST"]),
    Route(f"{_FORM}/picture", picture),
    Route(f"{_FORM}/folder", folder),
    Route(f"{_FORM}/keep", keep, methods=["POST"]),
]
