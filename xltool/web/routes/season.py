"""Routes of the page that shows a season: what it looks at, and what reviewers decide there.

Every change says who it is by: the name that the reviewer typed, and the user of the system that runs the server.
"""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from xltool.core.problems import InputError
from xltool.season import deciding, live, store
from xltool.web.desks import Refused
from xltool.web.routes.downloads import download

T = TypeVar("T")
_LONGEST_BODY = 64 * 1024
_LONGEST_NAME, _LONGEST_TEXT = 40, 2000
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def _season(request: Request) -> Path:
    folder: Path = request.app.state.season
    return folder


async def _read(request: Request, ask: Callable[[sqlite3.Connection], T]) -> T:
    return await _asked(lambda: _with(store.reading(_season(request)), ask))


async def _changed(request: Request, change: Callable[[sqlite3.Connection], T]) -> Response:
    await _asked(lambda: _with(store.writing(_season(request)), change))
    return Response(status_code=204)


def _with(opened: Any, work: Callable[[sqlite3.Connection], T]) -> T:
    with opened as db:
        return work(db)


async def _asked(work: Callable[[], T]) -> T:
    """The answer of the season; what it refuses is told as it says it."""
    try:
        return await asyncio.to_thread(work)
    except InputError as error:
        told = "；".join(str(problem) for problem in error.problems)
        raise Refused(409, told) from None


async def show(request: Request) -> Response:
    """`GET /api/season?since=…`: all units; nothing when the season is as it was at that stamp."""
    mark = await asyncio.to_thread(live.stamp, _season(request))
    if request.query_params.get("since") == mark:
        return Response(status_code=204)
    found = await _read(request, live.overview)
    about = {"stamp": mark, "season": _season(request).name, "user": store.system_user()}
    return JSONResponse({**about, **found})


async def unit(request: Request) -> Response:
    """All about one unit."""
    return JSONResponse(
        await _read(request, lambda db: live.one_unit(db, request.path_params["unit"]))
    )


async def unassigned(request: Request) -> Response:
    """What is nobody's."""
    return JSONResponse(await _read(request, live.unassigned))


async def log(request: Request) -> Response:
    """What was done, by whom, when."""
    return JSONResponse(await _read(request, live.log_rows))


async def file(request: Request) -> Response:
    """The report or the annotated copy of a submission, to be saved: it is never shown in place of the page."""
    wanted, kind = request.path_params["submission"], request.path_params["kind"]
    return download(await _read(request, lambda db: live.file_of(db, wanted, kind)))


async def use(request: Request) -> Response:
    """A submission counts from now on."""
    number, who, _ = await _decided(request)
    return await _changed(request, lambda db: deciding.use(db, deciding.numbered(db, number), who))


async def give(request: Request) -> Response:
    """A submission is a unit's, or a new one's."""
    number, who, given = await _decided(request)
    name, new = _text(given, "unit", _LONGEST_TEXT), given.get("new") is True
    return await _changed(
        request, lambda db: deciding.belongs(db, deciding.numbered(db, number), name, who, new=new)
    )


async def dismiss(request: Request) -> Response:
    """A file is no submission."""
    number, who, given = await _decided(request)
    why = _text(given, "why", _LONGEST_TEXT)
    return await _changed(
        request, lambda db: deciding.dismiss(db, deciding.numbered(db, number), why, who)
    )


async def readmit(request: Request) -> Response:
    """It is one after all."""
    number, who, _ = await _decided(request)
    return await _changed(
        request, lambda db: deciding.readmit(db, deciding.numbered(db, number), who)
    )


async def add_note(request: Request) -> Response:
    """A remark about a unit or one of its findings."""
    given = await _body(request)
    key, finding, who = _number(given, "unit"), given.get("finding"), _who(given)
    about = _number(given, "finding") if finding is not None else None
    text = _text(given, "text", _LONGEST_TEXT)
    return await _changed(request, lambda db: live.note(db, key, about, text, who))


async def add_waiver(request: Request) -> Response:
    """A finding is let pass."""
    given = await _body(request)
    key, finding, who = _number(given, "unit"), _number(given, "finding"), _who(given)
    why, until = _text(given, "why", _LONGEST_TEXT), _date(given)
    return await _changed(request, lambda db: live.waive(db, key, finding, why, until, who))


async def end_waiver(request: Request) -> Response:
    """A waiver is taken back."""
    given = await _body(request)
    waiver, who = _number(given, "waiver"), _who(given)
    return await _changed(request, lambda db: live.take_back(db, waiver, who))


async def _decided(request: Request) -> tuple[int, str, dict[str, Any]]:
    """The submission that something is said about, who says it, and all that is said."""
    given = await _body(request)
    return _number(given, "submission"), _who(given), given


async def _body(request: Request) -> dict[str, Any]:
    data = b""
    async for piece in request.stream():
        data += piece
        if len(data) > _LONGEST_BODY:
            raise Refused(413, "写得太长")
    try:
        given = json.loads(data)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise Refused(400, "请求不对")
    return given


def _text(given: dict[str, Any], name: str, longest: int) -> str:
    text = given.get(name)
    words = {"who": "姓名", "text": "内容", "why": "理由", "unit": "单位"}[name]
    if not isinstance(text, str) or not (text := _UNSEEN.sub("", text).strip()):
        raise Refused(400, f"没有写{words}")
    if len(text) > longest:
        raise Refused(413, f"{words}太长，最多 {longest} 字")
    return text


def _who(given: dict[str, Any]) -> str:
    return " ".join(_text(given, "who", _LONGEST_NAME).split())


def _number(given: dict[str, Any], name: str) -> int:
    number = given.get(name)
    if type(number) is not int or not 0 <= number < 2**63:
        raise Refused(400, f"请求不对：{name}")
    return number


def _date(given: dict[str, Any]) -> str:
    """The last day of a waiver as it was chosen; "" for no end."""
    text = given.get("until") or ""
    if text == "":
        return ""
    try:
        until = date.fromisoformat(text)
    except (TypeError, ValueError):
        raise Refused(400, "到期的日子不对") from None
    if until < date.today():
        raise Refused(400, "到期的日子已经过了")
    return until.isoformat()


ROUTES = [
    Route("/api/season", show),
    Route("/api/season/log", log),
    Route("/api/season/units/{unit:int}", unit),
    Route("/api/season/files/{submission:int}/{kind}", file),
    Route("/api/season/unassigned", unassigned),
    Route("/api/season/use", use, methods=["POST"]),
    Route("/api/season/give", give, methods=["POST"]),
    Route("/api/season/dismissals", dismiss, methods=["POST"]),
    Route("/api/season/dismissals/end", readmit, methods=["POST"]),
    Route("/api/season/notes", add_note, methods=["POST"]),
    Route("/api/season/waivers", add_waiver, methods=["POST"]),
    Route("/api/season/waivers/end", end_waiver, methods=["POST"]),
]
