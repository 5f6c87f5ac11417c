"""The routes of a desk: uploads in, their state, their results out."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from xltool.core.version import __version__
from xltool.editions import all_editions, offered_editions
from xltool.editions.places import installed
from xltool.entry.assumptions import assumptions
from xltool.reporting import html as reports
from xltool.web.books import BookResult
from xltool.web.desks import Aside, Desk, Desks, Refused, Upload
from xltool.web.names import safe_name
from xltool.web.routes.downloads import download
from xltool.web.routes.uploads import receive

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def find_desks(request: Request) -> Desks:
    found: Desks = request.app.state.desks
    return found


def find_desk(request: Request) -> Desk:
    return find_desks(request).desk(request.path_params["desk"])


def find_upload(request: Request) -> tuple[Desk, Upload]:
    desk = find_desk(request)
    return desk, find_desks(request).upload(desk, request.path_params["upload"])


def _aside(request: Request) -> Aside:
    match request.path_params["what"]:
        case "prior":
            return "prior"
        case "explanations":
            return "explanations"
        case "mapping":
            return "mapping"
    raise Refused(404, "没有这个地址")


async def about(request: Request) -> Response:
    """What the page must know at its start."""
    limits = find_desks(request).limits
    places = {entry.id: entry.place for entry in installed()}
    editions = [
        {"id": e.id, "name": e.name, "place": places.get(e.id, "")} for e in offered_editions()
    ]
    return JSONResponse(
        {
            "version": __version__,
            "editions": editions,
            "assumptions": [{"name": a.name, "words": a.words} for a in assumptions().values()],
            "max_file": limits.max_file,
            "max_files": limits.max_files,
        }
    )


async def show(request: Request) -> Response:
    """All that lies on a desk."""
    desk = find_desk(request)
    options = desk.options
    return JSONResponse(
        {
            "uploads": [_told(upload) for upload in desk.uploads.values()],
            "edition": options.edition,
            "totals": options.totals,
            "assume": list(options.assume),
            "prior": options.prior.name if options.prior else None,
            "explanations": options.explanations.name if options.explanations else None,
            "mapping": options.mapping.name if options.mapping else None,
        }
    )


def _told(upload: Upload) -> dict[str, Any]:
    result = upload.result
    problems = [upload.failure] if upload.failure else result.problems if result else []
    return {
        "id": upload.id,
        "name": upload.name,
        "state": upload.state,
        "round": upload.round,
        "kind": result.kind if result else None,
        "problems": problems,
        "choices": result.answers if result else [],
        "notes": result.notes if result else [],
        "lines": result.lines if result else [],
        "columns": result.columns if result else [],
        "uses": result.uses if result else [],
        "files": {what: path.name for what, path in result.files.items()} if result else {},
        "answers": upload.answers,
        "together": list(upload.together),
        "figures": list(upload.figures),
        "asked": result.asked if result else {},
        "parts": [_told_part(part) for part in result.parts] if result else [],
    }


def _told_part(part: BookResult) -> dict[str, Any]:
    return {
        "file": part.file,
        **part.facts,
        "verdict": part.verdict,
        "summary": part.summary,
        "counts": part.counts,
        "remarks": part.remarks,
        "files": {purpose: path.name for purpose, path in part.files.items()},
    }


async def put_upload(request: Request) -> Response:
    """A file comes in and is worked on."""
    desks, desk = find_desks(request), find_desk(request)
    upload = desks.new_upload(desk, safe_name(request.query_params.get("name", "")))
    try:
        upload.size = await receive(request, upload.source, desks.limits, desks.hold)
    except BaseException:
        await desks.remove(desk, upload)
        raise
    if upload.id not in desk.uploads:  # cleared away while it came in
        await desks.remove(desk, upload)
        raise Refused(404, "没有这份文件，可能已经清除")
    desks.work(desk, upload)
    return JSONResponse({"id": upload.id}, 201)


async def put_aside(request: Request) -> Response:
    """Last year's workbook or the explanations come in; they are used for what is worked on from now on."""
    desks, desk, what = find_desks(request), find_desk(request), _aside(request)
    folder = desks.new_folder(desk)
    source = folder / safe_name(request.query_params.get("name", ""))
    try:
        size = await receive(request, source, desks.limits, desks.hold)
    except BaseException:
        await desks.remove_folder(folder)
        raise
    await desks.set_aside(desk, what, source, size)
    return JSONResponse({"name": source.name}, 201)


async def drop_aside(request: Request) -> Response:
    """Last year's workbook or the explanations are taken away."""
    await find_desks(request).set_aside(find_desk(request), _aside(request), None, 0)
    return Response(status_code=204)


async def set_options(request: Request) -> Response:
    """The edition and the way of totals."""
    desk, query = find_desk(request), request.query_params
    known = ("", *(edition.id for edition in all_editions()))
    edition, totals = query.get("edition", ""), query.get("totals", "formula")
    if edition not in known or totals not in ("formula", "given"):
        raise Refused(400, "请求不对：没有这个版本，或合计的写法不对")
    desk.options.edition = edition
    desk.options.totals = "given" if totals == "given" else "formula"
    return Response(status_code=204)


async def again(request: Request) -> Response:
    """Everything on the desk is worked on once more, with the options as they are now."""
    desks, desk = find_desks(request), find_desk(request)
    for upload in desk.uploads.values():
        if upload.state != "receiving":
            desks.work(desk, upload)
    return Response(status_code=204)


async def remove(request: Request) -> Response:
    """One upload is taken away."""
    await find_desks(request).remove(*find_upload(request))
    return Response(status_code=204)


async def clear(request: Request) -> Response:
    """Everything is taken away."""
    await find_desks(request).clear(find_desk(request))
    return Response(status_code=204)


async def result(request: Request) -> Response:
    """A file that came of an upload: to keep, or (`show`) the report to look at."""
    upload = find_upload(request)[1]
    parts = upload.result.parts if upload.result else []
    number = request.path_params["part"]
    path = parts[number].files.get(request.path_params["what"]) if number < len(parts) else None
    if path is None:
        raise Refused(404, "没有这份结果，可能已经清除")
    if "show" in request.query_params and path.suffix == ".html":
        return _shown(path)
    return download(path)


def _shown(path: Path) -> Response:
    """The report as a page of its own that belongs to nobody and runs its own script and no other."""
    text = path.read_text(encoding="utf-8")
    found = _SCRIPT.findall(text)
    own = (Path(reports.__file__).parent / "templates" / "report.js").read_text(encoding="utf-8")
    script = "'none'"
    if len(found) == 1 and found[0].strip() == own.strip():
        script = f"'sha256-{b64encode(sha256(found[0].encode()).digest()).decode()}'"
    return shown_page(text, script)


def shown_page(text: str, script: str) -> Response:
    """A page that was made here, as one that belongs to nobody; `script` is the one that it may run."""
    policy = (
        "sandbox allow-scripts allow-modals; default-src 'none'; style-src 'unsafe-inline'; "
        f"script-src {script}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    # a sandboxed page in a window of its own must not ask for a browsing group of its own too
    headers = {"content-security-policy": policy, "cross-origin-opener-policy": "unsafe-none"}
    return HTMLResponse(text, headers=headers)


_DESK = "/api/desks/{desk}"
ROUTES = [
    Route("/api/about", about),
    Route(_DESK, show),
    Route(_DESK, clear, methods=["DELETE"]),
    Route(f"{_DESK}/uploads", put_upload, methods=["POST"]),
    Route(f"{_DESK}/options", set_options, methods=["POST"]),
    Route(f"{_DESK}/again", again, methods=["POST"]),
    Route(f"{_DESK}/aside/{{what}}", put_aside, methods=["POST"]),
    Route(f"{_DESK}/aside/{{what}}", drop_aside, methods=["DELETE"]),
    Route(f"{_DESK}/uploads/{{upload}}", remove, methods=["DELETE"]),
    Route(f"{_DESK}/uploads/{{upload}}/{{part:int}}/{{what}}", result),
]
