"""The review server as an ASGI application."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.staticfiles import StaticFiles

from ocr_pipeline.review import api, views
from ocr_pipeline.review.contract import Problem
from ocr_pipeline.review.desk import Desk
from ocr_pipeline.review.guard import Guard
from ocr_pipeline.review.pages import Pages
from ocr_pipeline.review.problems import answer_problems
from ocr_pipeline.review.rates import Rate
from ocr_pipeline.review.receiving import resume_uploads
from ocr_pipeline.review.sessions import Keeper

__all__ = ["Access", "create_app"]

_HERE = Path(__file__).resolve().parent
_ABOUT = """\
Reports that ocr_pipeline read, the values that a person should look at, and what people settled about them.

A change needs the server's token (`Authorization: Bearer TOKEN`) where it has one. Where it has none it listens to this
machine only, and takes changes from programs that are no browsers and from its own pages.
"""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use the server.

    Attributes:
        token: what everybody needs; without one the server is for this machine only.
        hosts: host names that are this machine's, beside localhost.
        who: whose corrections they are where a person gave no name.
    """

    token: str | None = None
    hosts: frozenset[str] = frozenset()
    who: str = ""


def create_app(desk: Desk, access: Access | None = None) -> FastAPI:
    """The application over one folder of reports; it closes the desk when it ends.

    Args:
        desk: reports, pictures, forms and jobs.
        access: who may use it; everybody on this machine when None.
    """
    allowed = access or Access()
    keeper = Keeper(desk.root, allowed.token)
    app = FastAPI(
        title="ocr_pipeline review",
        version="1",
        description=_ABOUT,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.desk = desk
    app.state.keeper = keeper
    app.state.who = allowed.who
    app.state.upload_rate = Rate(desk.options.uploads_per_minute, desk.options.upload_burst)
    app.state.pages = Pages(_HERE / "html")
    app.include_router(api.router)
    app.include_router(views.router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")
    answer_problems(app)
    _describe(app)
    app.add_middleware(Guard, keeper=keeper, options=desk.options, hosts=allowed.hosts)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    desk: Desk = app.state.desk
    # The first look at a large folder takes a while; pages say how far it is.
    threading.Thread(target=_first_look, args=(desk,), name="first look", daemon=True).start()
    yield
    desk.close()


def _first_look(desk: Desk) -> None:
    desk.store.refresh(wait=True)
    if not desk.store.closed:
        resume_uploads(desk)


def _describe(app: FastAPI) -> None:
    """Let the description of the API hold the shape of problems, which no operation returns by itself."""

    def description() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(title=app.title, version=app.version, description=_ABOUT, routes=app.routes)
            shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            shapes = schema.setdefault("components", {}).setdefault("schemas", {})
            shapes.update({name: one for name, one in shape.pop("$defs", {}).items() if name not in shapes})
            shapes["Problem"] = shape
            for path in schema["paths"].values():
                for operation in path.values():
                    # FastAPI describes its own shape of what we answer otherwise.
                    operation["responses"]["422"] = operation["responses"]["413"] | {"description": "Unprocessable"}
            for unused in ("HTTPValidationError", "ValidationError"):
                shapes.pop(unused, None)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = description  # type: ignore[method-assign]
