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


LARGEST_QUESTION = 64 * 1024


def is_too_large(content_length: bytes | str) -> bool:
    return int(content_length or 0) > LARGEST_QUESTION


class KnownMethods:
    """Refuses what is too large, and methods that nobody serves before anything counts them: each would be a label of its own."""

    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        async def guarded(message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), (b"x-content-type-options", b"nosniff")]
            await send(message)

        if scope["type"] == "http" and is_too_large(dict(scope["headers"]).get(b"content-length", b"0")):
            body = b'{"title":"Content Too Large"}'
            headers = [(b"content-length", str(len(body)).encode()), (b"content-type", b"application/json")]
            await guarded({"type": "http.response.start", "status": 413, "headers": headers})
            await send({"type": "http.response.body", "body": body})
            return
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "POST", "OPTIONS"}:
            await self.app(scope, receive, guarded)
            return
        await guarded({"type": "http.response.start", "status": 501, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
