"""FastAPI with prometheus-fastapi-instrumentator."""
import asyncio

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import Counter, Histogram
from prometheus_fastapi_instrumentator import Instrumentator
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from shared import KnownMethods, log

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
# Statuses as they are: 4xx and 5xx as classes would hide which one it was.
Instrumentator(should_group_status_codes=False).instrument(app).expose(app)
# The last one that is added stands first.
app.add_middleware(KnownMethods)
MODEL = Histogram(
    "gen_ai_client_operation_duration_seconds",
    "Duration of calls of the language model.",
    ["gen_ai_request_model"],
    buckets=(0.1, 0.5, 1, 5, 10, 20, 40, 80),
)
MODEL.labels("stub")
TOOLS = Counter("gen_ai_tool_calls_total", "Calls of tools.", ["gen_ai_tool_name"])
TOOLS.labels("search")
TOKENS = Counter("gen_ai_tokens_total", "Tokens that were used.")
NO_STORE = {"cache-control": "no-store"}


class Question(BaseModel):
    question: str


@app.exception_handler(RequestValidationError)
async def refuse(request: Request, _error: RequestValidationError) -> Response:
    log(request.method, "/v1/ask", 400)
    return JSONResponse({"title": "Bad Request"}, 400)


@app.exception_handler(HTTPException)
async def tell(_request: Request, error: HTTPException) -> Response:
    return JSONResponse({"title": error.detail}, error.status_code, headers=error.headers)


@app.api_route("/health/live", methods=["GET", "HEAD"])
async def live() -> Response:
    return JSONResponse({"status": "pass"}, headers=NO_STORE)


@app.api_route("/health/ready", methods=["GET", "HEAD"])
async def ready() -> Response:
    return JSONResponse({"status": "pass", "checks": {"postgres": [{"status": "pass"}]}}, headers=NO_STORE)


@app.post("/v1/ask")
async def ask(question: Question) -> dict[str, str]:
    with MODEL.labels("stub").time():
        await asyncio.sleep(0.015)
    TOOLS.labels("search").inc()
    TOKENS.inc(17)
    log("POST", "/v1/ask", 200)
    return {"answer": "Within 30 days."}
