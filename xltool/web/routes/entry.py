"""The routes of the clerk's way: blank forms, what is asked about a spreadsheet, copies made on demand."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from xltool.core.amounts import UNITS
from xltool.core.problems import InputError
from xltool.editions import all_editions
from xltool.entry.assumptions import assumptions
from xltool.entry.finish import compared, parse_receipt
from xltool.web.desks import Refused
from xltool.web.entrywork import BLANKS, MADE, MakeTask, blank, make
from xltool.web.jobs import JobFailed
from xltool.web.routes.desk import find_desk, find_desks, find_upload
from xltool.web.routes.downloads import download, download_bytes

_LONGEST = 80
_MOST = 8000
_RECEIPT = 64 * 1024
"""Bytes that a receipt may have."""
_CORRECTIONS = re.compile(r"[；;\n]")
_HEADS = ("地址", "数")
"""What stands above two columns that are pasted."""


async def new(request: Request) -> Response:
    """A blank form, a 填数表 or a skeleton; last year's workbook on the desk is rolled forward."""
    desk, query = find_desk(request), request.query_params
    edition, kind = query.get("edition", ""), query.get("kind", "")
    if edition not in {known.id for known in all_editions()} or kind not in BLANKS:
        raise Refused(400, "请求不对：没有这个版本，或没有这种空表")
    try:
        found = await find_desks(request).jobs.run(blank, edition, kind, desk.options.prior)
    except JobFailed as error:
        raise Refused(422, str(error)) from None
    if found.problem:
        raise Refused(422, found.problem)
    return download_bytes(found.name, found.data)


async def answer(request: Request) -> Response:
    """What was asked about a spreadsheet; it is read once more."""
    (desk, upload), query = find_upload(request), request.query_params
    unit = query.get("unit", "")
    if unit and unit not in UNITS:
        raise Refused(400, "请求不对：金额单位是元或万元")
    upload.answers = {
        "单位名称": query.get("name", "").strip()[:_LONGEST],
        "年度": query.get("year", "").strip()[:_LONGEST],
        "金额单位": unit,
        "改": "\n".join(_CORRECTIONS.split(_typed(request, "fixes"))),
    }
    upload.together = tuple(
        i for i in query.getlist("with") if i in desk.uploads and i != upload.id
    )
    find_desks(request).work(desk, upload)
    return Response(status_code=204)


async def figures(request: Request) -> Response:
    """Figures that data still wanted, typed on the page; it is filled in once more."""
    desk, upload = find_upload(request)
    lines = _CORRECTIONS.split(_typed(request, "figures"))
    upload.figures = tuple(line.strip() for line in lines if line.strip())
    find_desks(request).work(desk, upload)
    return Response(status_code=204)


def _typed(request: Request, name: str) -> str:
    """What a person typed or pasted; not cut, which would leave half a number. Raises `Refused`."""
    text = request.query_params.get(name, "")
    if len(text) > _MOST:
        raise Refused(413, f"写得太长，一次最多 {_MOST} 字，请分几次填")
    return text


async def assume(request: Request) -> Response:
    """The assumptions under which data is completed from now on."""
    names = request.query_params.getlist("name")
    if not set(names) <= assumptions().keys():
        raise Refused(400, "请求不对：没有这个前提")
    find_desk(request).options.assume = tuple(names)
    return Response(status_code=204)


async def made(request: Request) -> Response:
    """A copy of one workbook of an upload, made now: to hand in, without marks, with the 审核表."""
    desk, upload = find_upload(request)
    what, number = request.path_params["made"], request.path_params["part"]
    parts = upload.result.parts if upload.result else []
    if what not in MADE or number >= len(parts):
        raise Refused(404, "没有这份文件，可能已经清除")
    part, options = parts[number], desk.options
    book = part.files.get("filled", upload.source)
    # a folder of its own for every try: one that came to nothing leaves its folder behind
    out = upload.folder / f"out{upload.round}" / f"{number}-{what}-{secrets.token_hex(4)}"
    changes = tuple(_changes(_typed(request, "changes")))
    task = MakeTask(book, out, what, options.edition, options.explanations, changes)
    try:
        found = await find_desks(request).jobs.run(make, task)
    except JobFailed as error:
        raise Refused(422, str(error)) from None
    part.files.update(found.files)
    names = {purpose: path.name for purpose, path in found.files.items()}
    return JSONResponse({"files": names, "problems": found.problems, "lines": found.lines})


def _changes(text: str) -> Iterator[str]:
    """What a person typed or pasted from two columns of a table: 地址=数, one a line; their heads are passed over."""
    for line in filter(str.strip, _CORRECTIONS.split(text)):
        address, *value = (p.strip() for p in line.strip().replace("＝", "=").split("\t", 1))
        if (address, *value) != _HEADS:
            yield "=".join((address, *value))


async def verify(request: Request) -> Response:
    """Whether an uploaded workbook is the one of the receipt in the body."""
    _, upload = find_upload(request)
    text = b""
    async for piece in request.stream():
        text += piece
        if len(text) > _RECEIPT:
            raise Refused(413, "这不是回执：太大")
    try:
        receipt = parse_receipt(text.decode("utf-8-sig", "replace"), "回执")
        data = await asyncio.to_thread(upload.source.read_bytes)
    except InputError as error:
        return JSONResponse({"alike": False, "told": "；".join(map(str, error.problems))})
    except OSError:
        raise Refused(404, "没有这份文件，可能已经清除") from None
    alike, told = compared(data, receipt)
    return JSONResponse({"alike": alike, "told": f"{upload.name}：{told}"})


async def imported(request: Request) -> Response:
    """What a spreadsheet became: 填数表, data document, where every figure comes from."""
    _, upload = find_upload(request)
    files = upload.result.files if upload.result else {}
    path = files.get(request.path_params["what"])
    if path is None:
        raise Refused(404, "没有这份结果，可能已经清除")
    return download(path)


_DESK = "/api/desks/{desk}"
_UPLOAD = f"{_DESK}/uploads/{{upload}}"
ROUTES = [
    Route(f"{_DESK}/new", new),
    Route(f"{_DESK}/assume", assume, methods=["POST"]),
    Route(f"{_UPLOAD}/answers", answer, methods=["POST"]),
    Route(f"{_UPLOAD}/figures", figures, methods=["POST"]),
    Route(f"{_UPLOAD}/imported/{{what}}", imported),
    Route(f"{_UPLOAD}/verify", verify, methods=["POST"]),
    Route(f"{_UPLOAD}/{{part:int}}/make/{{made}}", made, methods=["POST"]),
]
