"""What the programs in Python have in common."""
import json
import sys
import uuid
from datetime import datetime, timezone


def log(method: str, route: str, status: int) -> None:
    """One line for each request that an operator would look for."""
    if route == "/metrics" or route.startswith("/health"):
        return
    line = {
        "timestamp": datetime.now(timezone.utc).isoformat(),
        "level": "info",
        "event": "request",
        "request_id": str(uuid.uuid4()),
        "method": method,
        "route": route,
        "status": status,
    }
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


class KnownMethods:
    """Refuses methods that nobody serves before anything counts them: each would be a label of its own."""

    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "POST", "OPTIONS"}:
            await self.app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 501, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
