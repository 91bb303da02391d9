"""Django in one file, with django-prometheus, as a WSGI application."""
import json
import time

import django
from django.conf import settings
from django.http import HttpResponse

from shared import is_too_large


def known_methods(get_response):
    """Refuses methods that nobody serves before anything counts them: each would be a label of its own."""

    def middleware(request):
        if is_too_large(request.META.get("CONTENT_LENGTH", "")):
            response = HttpResponse('{"title":"Content Too Large"}', content_type="application/json", status=413)
        elif request.method in {"GET", "HEAD", "POST", "OPTIONS"}:
            response = get_response(request)
        else:
            response = HttpResponse(status=501)
        response["X-Content-Type-Options"] = "nosniff"
        return response

    return middleware


settings.configure(
    DEBUG=False,
    SECRET_KEY="of-the-benchmark-and-nobody-else",
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django_prometheus"],
    MIDDLEWARE=[
        f"{__name__}.known_methods",
        "django_prometheus.middleware.PrometheusBeforeMiddleware",
        "django_prometheus.middleware.PrometheusAfterMiddleware",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    PROMETHEUS_EXPORT_MIGRATIONS=False,
    # Those that it comes with go on to 75 seconds; these are enough.
    PROMETHEUS_LATENCY_BUCKETS=(0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, float("inf")),
    LOGGING_CONFIG=None,
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.http import require_POST, require_safe  # noqa: E402
from django_prometheus.exports import ExportToDjangoView  # noqa: E402
from prometheus_client import Counter, Histogram  # noqa: E402

from shared import log  # noqa: E402

MODEL = Histogram(
    "gen_ai_client_operation_duration_seconds",
    "Duration of calls of the language model.",
    buckets=(0.1, 0.5, 1, 5, 10, 20, 40, 80),
)
TOOLS = Counter("gen_ai_tool_calls_total", "Calls of tools.", ["gen_ai_tool_name"])
TOOLS.labels("search")
TOKENS = Counter("gen_ai_tokens_total", "Tokens that were used.")
NO_STORE = {"cache-control": "no-store"}


@require_safe
def live(_request):
    return JsonResponse({"status": "pass"}, headers=NO_STORE)


@require_safe
def ready(_request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "pass", "checks": {"database": [{"status": "pass"}]}}, headers=NO_STORE)


@require_POST
def ask(request):
    try:
        question = json.loads(request.body)["question"]
    except (ValueError, KeyError, TypeError):
        question = None
    if not isinstance(question, str):
        log("POST", "/v1/ask", 400)
        return JsonResponse({"title": "Bad Request"}, status=400)
    with MODEL.time():
        time.sleep(0.015)
    TOOLS.labels("search").inc()
    TOKENS.inc(17)
    log("POST", "/v1/ask", 200)
    return JsonResponse({"answer": "Within 30 days."})


def missing(_request, exception):
    return JsonResponse({"title": "Not Found"}, status=404)


handler404 = missing
urlpatterns = [
    path("health/live", live, name="live"),
    path("health/ready", ready, name="ready"),
    path("metrics", ExportToDjangoView, name="metrics"),
    path("v1/ask", ask, name="ask"),
]
app = get_wsgi_application()
