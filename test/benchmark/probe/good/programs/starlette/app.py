"""Starlette with starlette_exporter."""
import asyncio
import json

from prometheus_client import Counter, Histogram
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette_exporter import PrometheusMiddleware, handle_metrics

from shared import KnownMethods, log

MODEL = Histogram(
    "llm_call_duration_seconds", "Duration of calls of the language model.", buckets=(0.1, 0.5, 1, 5, 10, 20, 40, 80)
)
TOOLS = Counter("tool_calls_total", "Calls of tools.", ["tool"])
TOOLS.labels("search")
TOKENS = Counter("gen_ai_tokens_total", "Tokens that were used.")
NO_STORE = {"cache-control": "no-store"}


async def live(_request: Request) -> JSONResponse:
    return JSONResponse({"status": "UP"}, headers=NO_STORE)


async def ready(_request: Request) -> JSONResponse:
    return JSONResponse({"status": "UP", "checks": [{"name": "database", "status": "UP"}]}, headers=NO_STORE)


async def ask(request: Request) -> JSONResponse:
    try:
        question = (await request.json())["question"]
    except (json.JSONDecodeError, KeyError, TypeError):
        question = None
    if not isinstance(question, str):
        log("POST", "/v1/ask", 400)
        return JSONResponse({"title": "Bad Request"}, 400)
    with MODEL.time():
        await asyncio.sleep(0.015)
    TOOLS.labels("search").inc()
    TOKENS.inc(17)
    log("POST", "/v1/ask", 200)
    return JSONResponse({"answer": "Within 30 days."})


async def tell(_request: Request, error: HTTPException) -> JSONResponse:
    return JSONResponse({"title": error.detail}, error.status_code, headers=error.headers)


app = Starlette(
    exception_handlers={HTTPException: tell},
    routes=[
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/metrics", handle_metrics),
        Route("/v1/ask", ask, methods=["POST"]),
    ]
)
app.add_middleware(
    PrometheusMiddleware,
    app_name="qna",
    group_paths=True,
    filter_unhandled_paths=True,
    skip_paths=["/metrics"],
    # Those that it comes with end at 10 seconds too, and have nothing between 1 and 10.
    buckets=[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
)
# The last one that is added stands first.
app.add_middleware(KnownMethods)
