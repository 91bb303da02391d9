import type { KpiAlias } from './kpi-alias.ts';

const OTEL_HTTP = 'https://opentelemetry.io/docs/specs/semconv/http/http-metrics/';
/** The conventions for generative AI moved to a place of their own in 2026; all of it is in development there. */
const OTEL_GENAI =
  'https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/gen-ai-metrics.md';
const OTEL_GENAI_0_1 =
  'https://github.com/open-telemetry/semantic-conventions-genai/blob/v0.1.0/docs/gen-ai/gen-ai-metrics.md';
const FASTAPI =
  'https://github.com/trallnag/prometheus-fastapi-instrumentator/blob/v8.1.0/src/prometheus_fastapi_instrumentator/metrics.py';

const MICROMETER = 'https://docs.spring.io/spring-boot/reference/actuator/metrics.html';
const SPRING_AI = 'https://docs.spring.io/spring-ai/reference/observability/index.html';
const STARLETTE = 'https://github.com/stephenhillier/starlette_exporter/blob/v0.24.0/starlette_exporter/middleware.py';
const STARLETTE_PROMETHEUS =
  'https://github.com/perdy/starlette-prometheus/blob/v0.10.0/starlette_prometheus/middleware.py';
const DJANGO = 'https://github.com/korfuri/django-prometheus/blob/v2.5.0/django_prometheus/middleware.py';
const GO_KIT = 'https://github.com/go-kit/examples/blob/master/shipping/main.go';
const KTOR =
  'https://api.ktor.io/1.6.x/ktor-metrics-micrometer/io.ktor.metrics.micrometer/-micrometer-metrics/index.html';
const PROMHTTP = 'https://pkg.go.dev/github.com/prometheus/client_golang/prometheus/promhttp';
const INSTRUMENTATION = 'https://prometheus.io/docs/practices/instrumentation/';
const LITELLM = 'https://docs.litellm.ai/docs/proxy/prometheus';

const ENDPOINT = ['route', 'http_route', 'handler', 'path', 'uri', 'endpoint', 'path_template', 'url', 'view'];
const OUTCOME = [
  'status',
  'status_code',
  'code',
  'http_response_status_code',
  'http_status_code',
  'error_type',
  'outcome',
];

/** The families of each KPI, as data; the first of a KPI is the one that the conventions recommend. */
export const KPI_ALIASES: readonly KpiAlias[] = [
  // Requests: how long they took. Every one of these tells the number of requests too, as its count.
  {
    kpi: 'request-duration',
    name: 'http_request_duration_seconds',
    shape: 'distribution',
    endpointLabels: ENDPOINT,
    outcomeLabels: OUTCOME,
    library: 'prometheus-fastapi-instrumentator, express-prom-bundle and many others',
    source: FASTAPI,
  },
  {
    kpi: 'request-duration',
    name: 'http_request_duration_highr_seconds',
    shape: 'distribution',
    library: 'prometheus-fastapi-instrumentator',
    source: FASTAPI,
  },
  {
    kpi: 'request-duration',
    name: 'http_server_request_duration_seconds',
    shape: 'distribution',
    endpointLabels: ['http_route'],
    outcomeLabels: ['http_response_status_code', 'error_type'],
    library: 'OpenTelemetry HTTP, stable',
    source: OTEL_HTTP,
  },
  {
    kpi: 'request-duration',
    name: 'http_server_request_duration',
    shape: 'distribution',
    endpointLabels: ['http_route'],
    outcomeLabels: ['http_response_status_code', 'error_type'],
    library: 'OpenTelemetry HTTP, without unit suffixes',
    source: OTEL_HTTP,
  },
  {
    kpi: 'request-duration',
    name: 'http_server_duration_milliseconds',
    shape: 'distribution',
    unit: 'milliseconds',
    endpointLabels: ['http_route', 'http_target'],
    outcomeLabels: ['http_status_code'],
    library: 'OpenTelemetry HTTP, before it was stable',
    source: OTEL_HTTP,
  },
  {
    kpi: 'request-duration',
    name: 'http_server_duration',
    shape: 'distribution',
    unit: 'milliseconds',
    endpointLabels: ['http_route', 'http_target'],
    outcomeLabels: ['http_status_code'],
    library: 'OpenTelemetry HTTP, before it was stable, without unit suffixes',
    source: OTEL_HTTP,
  },
  {
    kpi: 'request-duration',
    name: 'ktor_http_server_requests_seconds',
    shape: 'distribution',
    endpointLabels: ['route'],
    outcomeLabels: ['status'],
    library: 'Micrometer in Ktor',
    source: KTOR,
  },
  {
    kpi: 'request-duration',
    name: 'http_server_requests_seconds',
    shape: 'distribution',
    endpointLabels: ['uri'],
    outcomeLabels: ['status', 'outcome'],
    library: 'Micrometer (Spring Boot, Quarkus)',
    source: MICROMETER,
  },
  {
    kpi: 'request-duration',
    name: 'starlette_request_duration_seconds',
    shape: 'distribution',
    endpointLabels: ['path'],
    outcomeLabels: ['status_code'],
    library: 'starlette_exporter',
    source: STARLETTE,
  },
  {
    kpi: 'request-duration',
    name: 'starlette_requests_processing_time_seconds',
    shape: 'distribution',
    endpointLabels: ['path_template'],
    library: 'starlette-prometheus',
    source: STARLETTE_PROMETHEUS,
  },
  {
    kpi: 'request-duration',
    name: 'django_http_requests_latency_seconds_by_view_method',
    shape: 'distribution',
    endpointLabels: ['view'],
    library: 'django-prometheus',
    source: DJANGO,
  },
  {
    kpi: 'request-duration',
    name: 'django_http_requests_latency_including_middlewares_seconds',
    shape: 'distribution',
    library: 'django-prometheus',
    source: DJANGO,
  },
  {
    kpi: 'request-duration',
    name: 'request_latency_microseconds',
    shape: 'distribution',
    unit: 'microseconds',
    endpointLabels: ['method'],
    outcomeLabels: ['error'],
    library: 'Go kit, whose services call their endpoints methods',
    source: GO_KIT,
  },
  {
    kpi: 'request-duration',
    name: 'request_latency_seconds',
    unprefixed: true,
    shape: 'distribution',
    endpointLabels: [...ENDPOINT, 'method'],
    outcomeLabels: [...OUTCOME, 'error'],
    library: 'Go kit in seconds',
    source: GO_KIT,
  },
  {
    kpi: 'request-duration',
    name: 'request_duration_seconds',
    unprefixed: true,
    shape: 'distribution',
    endpointLabels: ENDPOINT,
    outcomeLabels: OUTCOME,
    library: 'promhttp.InstrumentHandlerDuration and Go services',
    source: PROMHTTP,
  },
  // Requests: how many.
  {
    kpi: 'request-count',
    name: 'http_requests_total',
    shape: 'counter',
    endpointLabels: ENDPOINT,
    outcomeLabels: OUTCOME,
    library: 'prometheus-fastapi-instrumentator, promhttp and many others',
    source: FASTAPI,
  },
  {
    kpi: 'request-count',
    name: 'http_request_total',
    shape: 'counter',
    endpointLabels: ENDPOINT,
    outcomeLabels: OUTCOME,
    library: 'a common spelling',
    source: INSTRUMENTATION,
  },
  {
    kpi: 'request-count',
    name: 'starlette_responses_total',
    shape: 'counter',
    endpointLabels: ['path_template'],
    outcomeLabels: ['status_code'],
    library: 'starlette-prometheus',
    source: STARLETTE_PROMETHEUS,
  },
  {
    kpi: 'request-count',
    name: 'starlette_requests_total',
    shape: 'counter',
    endpointLabels: ['path', 'path_template'],
    outcomeLabels: ['status_code'],
    library: 'starlette_exporter',
    source: STARLETTE,
  },
  {
    kpi: 'request-count',
    name: 'django_http_responses_total_by_status_view_method_total',
    shape: 'counter',
    endpointLabels: ['view'],
    outcomeLabels: ['status'],
    library: 'django-prometheus',
    source: DJANGO,
  },
  {
    kpi: 'request-count',
    name: 'django_http_requests_total_by_view_transport_method_total',
    shape: 'counter',
    endpointLabels: ['view'],
    library: 'django-prometheus',
    source: DJANGO,
  },
  {
    kpi: 'request-count',
    name: 'api_requests_total',
    unprefixed: true,
    shape: 'counter',
    endpointLabels: ENDPOINT,
    outcomeLabels: OUTCOME,
    library: 'the example of promhttp',
    source: PROMHTTP,
  },
  {
    kpi: 'request-count',
    name: 'requests_total',
    unprefixed: true,
    shape: 'counter',
    endpointLabels: ENDPOINT,
    outcomeLabels: OUTCOME,
    library: 'promhttp.InstrumentHandlerCounter and Go services',
    source: PROMHTTP,
  },
  // Requests: which failed.
  {
    kpi: 'request-errors',
    name: 'http_request_errors_total',
    shape: 'counter',
    endpointLabels: ENDPOINT,
    outcomeLabels: OUTCOME,
    library: 'services with a counter of failures beside the total',
    source: INSTRUMENTATION,
  },
  {
    kpi: 'request-errors',
    name: 'starlette_exceptions_total',
    shape: 'counter',
    endpointLabels: ['path_template'],
    outcomeLabels: ['exception_type'],
    library: 'starlette-prometheus',
    source: STARLETTE_PROMETHEUS,
  },
  {
    kpi: 'request-errors',
    name: 'django_http_exceptions_total_by_view_total',
    shape: 'counter',
    endpointLabels: ['view'],
    library: 'django-prometheus',
    source: DJANGO,
  },
  {
    kpi: 'request-errors',
    name: 'http_errors_total',
    shape: 'counter',
    endpointLabels: ENDPOINT,
    outcomeLabels: OUTCOME,
    library: 'a common spelling',
    source: INSTRUMENTATION,
  },
  {
    kpi: 'request-errors',
    name: 'http_requests_failed_total',
    shape: 'counter',
    endpointLabels: ENDPOINT,
    outcomeLabels: OUTCOME,
    library: 'a common spelling',
    source: INSTRUMENTATION,
  },
  // The model.
  {
    kpi: 'llm-duration',
    name: 'gen_ai_client_operation_duration_seconds',
    shape: 'distribution',
    library: 'OpenTelemetry GenAI, OpenLLMetry',
    source: OTEL_GENAI,
  },
  {
    kpi: 'llm-duration',
    name: 'gen_ai_client_operation_duration',
    shape: 'distribution',
    library: 'OpenTelemetry GenAI, without unit suffixes',
    source: OTEL_GENAI,
  },
  {
    kpi: 'llm-duration',
    name: 'gen_ai_client_operation_seconds',
    shape: 'distribution',
    library: 'Spring AI (Micrometer)',
    source: SPRING_AI,
  },
  {
    kpi: 'llm-duration',
    name: 'litellm_llm_api_latency_metric',
    shape: 'distribution',
    library: 'LiteLLM',
    source: LITELLM,
  },
  {
    kpi: 'llm-duration',
    name: 'llm_request_duration_seconds',
    shape: 'distribution',
    library: 'a common spelling',
    source: INSTRUMENTATION,
  },
  {
    kpi: 'llm-duration',
    name: 'llm_call_duration_seconds',
    shape: 'distribution',
    library: 'a common spelling',
    source: INSTRUMENTATION,
  },
  {
    kpi: 'llm-duration',
    name: 'openai_request_duration_seconds',
    shape: 'distribution',
    library: 'a common spelling',
    source: INSTRUMENTATION,
  },
  // Tools that the model calls.
  {
    kpi: 'tool-calls',
    name: 'gen_ai_tool_calls_total',
    shape: 'counter',
    library: 'services with a counter of tool calls',
    source: INSTRUMENTATION,
  },
  {
    kpi: 'tool-calls',
    name: 'gen_ai_execute_tool_duration_seconds',
    shape: 'distribution',
    library: 'OpenTelemetry GenAI',
    source: OTEL_GENAI,
  },
  {
    kpi: 'tool-calls',
    name: 'gen_ai_execute_tool_duration',
    shape: 'distribution',
    library: 'OpenTelemetry GenAI, without unit suffixes',
    source: OTEL_GENAI,
  },
  {
    kpi: 'tool-calls',
    name: 'gen_ai_invoke_agent_tool_calls',
    shape: 'distribution',
    library: 'OpenTelemetry GenAI agents, in version 0.1.0',
    source: OTEL_GENAI_0_1,
  },
  {
    kpi: 'tool-calls',
    name: 'spring_ai_tool_seconds',
    shape: 'distribution',
    library: 'Spring AI (Micrometer)',
    source: SPRING_AI,
  },
  {
    kpi: 'tool-calls',
    name: 'tool_calls_total',
    shape: 'counter',
    library: 'a common spelling',
    source: INSTRUMENTATION,
  },
  {
    kpi: 'tool-calls',
    name: 'tool_use_total',
    shape: 'counter',
    library: 'a common spelling',
    source: INSTRUMENTATION,
  },
];
