"""The sandbox as one ASGI application: door, endpoints, identity of each answer."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagine_desktop.sandbox import models, wire
from imagine_desktop.sandbox.control import Control
from imagine_desktop.sandbox.files import Files
from imagine_desktop.sandbox.images import Images, Pace
from imagine_desktop.sandbox.store import Shelf
from imagine_desktop.sandbox.wire import Refused

_USER = "00000000-7573-4572-8000-73616e64626f"
_KEY_ID = "00000000-6b65-4979-8000-73616e64626f"
_BORN = "2026-11-01T00:00:00Z"


def application(key: str | None, latency_s: float, *, with_control: bool) -> ASGIApp:
    """The whole stand-in; with a `key`, only that one is right."""
    pace, control, shelf = Pace(latency_s), Control(), Shelf()
    images = Images(shelf, pace, control.charge)
    inside = Router([*images.routes(), *Files(shelf).routes(), *_about()])
    routes: list[Route | Mount] = [Mount("/v1", app=_door(inside, key)), *images.addresses()]
    if with_control:
        routes += control.routes(images, pace)
    app = Starlette(
        routes=routes,
        exception_handlers={HTTPException: _on_http_exception, Refused: _on_refused},
    )
    return _identified(control.wrapped(app) if with_control else app)


def _identified(app: ASGIApp) -> ASGIApp:
    """`app` with an x-request-id on every answer."""

    async def identified(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request_id = wire.new_id()
        scope["state"]["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name.lower() for name, _ in message["headers"]}
                if b"x-request-id" not in names:
                    message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        await app(scope, receive, send_with_id)

    return identified


def _door(app: ASGIApp, key: str | None) -> ASGIApp:
    """`app` behind its key. The API answers a wrong key with 400, and 401 only where there is none."""

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        scheme, _, given = headers.get(b"authorization", "").partition(" ")
        given = given.strip()
        if scheme.lower() != "bearer" or not given:
            message = "Missing or invalid Authorization header: expected `Authorization: Bearer <API key>`."
            await wire.error(401, "unauthenticated", message)(scope, receive, send)
        elif key is not None and given != key:
            message = (
                "Incorrect API key provided: xai-****. You can obtain an API key from https://console.x.ai."
            )
            await wire.error(400, "invalid-argument", message)(scope, receive, send)
        else:
            await app(scope, receive, send)

    return door


def _about() -> list[Route]:
    """What can be asked about models and keys."""
    return [
        Route("/image-generation-models", _image_models),
        Route("/image-generation-models/{model_id:path}", _image_model),
        Route("/language-models", _no_models),
        Route("/video-generation-models", _no_models),
        Route("/models", _models),
        Route("/models/{model_id:path}", _model),
        Route("/api-key", _api_key),
        Route("/me", _me),
    ]


async def _image_models(_request: Request) -> Response:
    return JSONResponse({"models": [models.described(model) for model in models.MODELS]})


async def _no_models(_request: Request) -> Response:
    return JSONResponse({"models": []})


async def _image_model(request: Request) -> Response:
    model = models.find(request.path_params["model_id"])
    if model is None:
        return wire.no_such_model(request.path_params["model_id"])
    return JSONResponse(models.described(model))


async def _models(_request: Request) -> Response:
    return JSONResponse(
        {"object": "list", "data": [models.described_briefly(model) for model in models.MODELS]}
    )


async def _model(request: Request) -> Response:
    model = models.find(request.path_params["model_id"])
    if model is None:
        return wire.no_such_model(request.path_params["model_id"])
    return JSONResponse(models.described_briefly(model))


async def _api_key(request: Request) -> Response:
    return JSONResponse(
        {
            "redacted_api_key": _redacted(request),
            "user_id": _USER,
            "name": "Sandbox",
            "create_time": _BORN,
            "modify_time": _BORN,
            "modified_by": _USER,
            "team_id": wire.TEAM,
            "acls": ["api-key:model:*", "api-key:endpoint:*"],
            "api_key_id": _KEY_ID,
            "team_blocked": False,
            "api_key_blocked": False,
            "api_key_disabled": False,
        }
    )


async def _me(request: Request) -> Response:
    key = {
        "redacted_api_key": _redacted(request),
        "api_key_id": _KEY_ID,
        "blocked": False,
        "disabled": False,
    }
    return JSONResponse(
        {
            "user_id": _USER,
            "team_id": wire.TEAM,
            "zdr_status": "no_zdr",
            "team_blocked": False,
            "api_key": key,
        }
    )


def _redacted(request: Request) -> str:
    key = request.headers["authorization"].rpartition(" ")[2]
    return f"xai-...{key[-4:] if len(key) >= 16 else '****'}"


async def _on_refused(_request: Request, problem: Exception) -> Response:
    if not isinstance(problem, Refused):
        raise problem
    return problem.response


async def _on_http_exception(_request: Request, problem: Exception) -> Response:
    if not isinstance(problem, HTTPException):
        raise problem
    if problem.status_code == 404:
        return wire.error(404, "not-found", "The requested resource was not found.")
    return Response(status_code=problem.status_code, headers=problem.headers)
