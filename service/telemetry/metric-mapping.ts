/**
 * Which of OpenTelemetry's metrics stands on the page under which name. The names of generative AI are still in development
 * there, so this table has a version: whoever builds dashboards on it sees by `qna_metrics_mapping_info` when it changes.
 */
export const METRIC_MAPPING = {
  versions: { version: '1', semconv: '1.42.0', semconv_genai: '0.1.0' },
  /** `ours` is the family that tells the same in the service's own names, where there is one. */
  rows: [
    row(
      'http.server.request.duration',
      'stable',
      'http_server_request_duration_seconds',
      'http_request_duration_seconds',
    ),
    row('http.server.active_requests', 'development', 'http_server_active_requests', 'http_requests_in_progress'),
    row('http.server.request.body.size', 'development', 'http_server_request_body_size_bytes'),
    row('http.server.response.body.size', 'development', 'http_server_response_body_size_bytes'),
    row('gen_ai.client.operation.duration', 'development', 'gen_ai_client_operation_duration_seconds'),
    row(
      'gen_ai.client.operation.time_to_first_chunk',
      'development',
      'gen_ai_client_operation_time_to_first_chunk_seconds',
    ),
    row(
      'gen_ai.client.operation.time_per_output_chunk',
      'development',
      'gen_ai_client_operation_time_per_output_chunk_seconds',
    ),
    row('gen_ai.client.token.usage', 'development', 'gen_ai_client_token_usage', 'gen_ai_tokens_total'),
    row('gen_ai.invoke_agent.duration', 'development', 'gen_ai_invoke_agent_duration_seconds'),
    row(
      'gen_ai.execute_tool.duration',
      'development',
      'gen_ai_execute_tool_duration_seconds',
      'gen_ai_tool_calls_total',
    ),
    row('db.client.connection.count', 'development', undefined, 'db_pool_connections'),
    row('db.client.connection.max', 'development', undefined, 'db_pool_connections_max'),
    row('db.client.connection.pending_requests', 'development', undefined, 'db_pool_waiting_requests'),
    row('db.client.connection.wait_time', 'development', undefined, 'db_pool_acquire_duration_seconds'),
    row('nodejs.eventloop.utilization', 'development', undefined, 'nodejs_eventloop_utilization_ratio'),
  ],
} as const;

export interface MappingRow {
  readonly openTelemetry: string;
  readonly stability: 'stable' | 'development';
  /** The Prometheus name that OpenTelemetry's own translation gives; undefined where the page has only ours. */
  readonly translated: string | undefined;
  readonly ours: string | undefined;
}

function row(
  openTelemetry: string,
  stability: MappingRow['stability'],
  translated: string | undefined,
  ours?: string,
): MappingRow {
  return { openTelemetry, stability, translated, ours };
}
