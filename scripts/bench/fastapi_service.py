"""What a FastAPI service answers its probes with, measured as its users measure it."""
from fastapi import FastAPI
from prometheus_fastapi_instrumentator import Instrumentator

app = FastAPI()
Instrumentator().instrument(app).expose(app)


@app.get("/health/live")
async def live() -> dict[str, str]:
    return {"status": "pass"}
