import {
  type Attributes,
  DiagLogLevel,
  diag,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { VERSION } from '../version.ts';
import type { Logger } from './logging.ts';
import type { Scrub } from './scrub.ts';
import type { SpanAttributes, Tracer } from './tracer.ts';
import type { TracingSettings } from './tracing-settings.ts';

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;

/** A collector that is away would otherwise be told of with every batch. */
const COMPLAINT_EVERY_MS = 60_000;

/** The one place that knows OpenTelemetry's libraries. It is imported only where traces are wanted. */
export function createOpenTelemetryTracer(settings: TracingSettings, scrub: Scrub, logger: Logger): Tracer {
  complainTo(logger);
  // The ids are ours: log lines and calls of the provider carry them whether or not anybody wants spans.
  let ids = { traceId: '', spanId: '' };
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'qna', 'service.version': VERSION }))
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: samplerOf(settings),
    idGenerator: { generateTraceId: () => ids.traceId, generateSpanId: () => ids.spanId },
    spanProcessors: [
      new BatchSpanProcessor({
        ...settings.batch,
        exporter: settings.protocol === 'http/json' ? new JsonExporter() : new ProtobufExporter(),
      }),
    ],
  });
  const tracer = provider.getTracer('qna', VERSION);
  const safe = (attributes: SpanAttributes): Attributes =>
    Object.fromEntries(
      Object.entries(attributes).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, typeof value === 'string' ? scrub(value) : value]],
      ),
    );
  return {
    start({ name, kind, traceId, spanId, parent, attributes = {} }) {
      ids = { traceId, spanId };
      const context =
        parent === undefined
          ? ROOT_CONTEXT
          : trace.setSpanContext(ROOT_CONTEXT, {
              traceId,
              spanId: parent.spanId,
              isRemote: parent.remote,
              traceFlags: parent.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
            });
      const span = tracer.startSpan(name, { kind: KINDS[kind], attributes: safe(attributes) }, context);
      return {
        sampled: (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0,
        rename: (text) => void span.updateName(text),
        set: (more) => void span.setAttributes(safe(more)),
        fail(errorType) {
          span.setAttribute('error.type', errorType);
          span.setStatus({ code: SpanStatusCode.ERROR });
        },
        end: () => span.end(),
      };
    },
    async stop(timeoutMs) {
      await Promise.race([
        provider.shutdown().catch((err: unknown) => logger.warn({ err }, 'the last spans could not be sent')),
        new Promise<void>((resolve) => setTimeout(resolve, timeoutMs).unref()),
      ]);
    },
  };
}

function samplerOf({ sampler, ratio }: TracingSettings): Sampler {
  const [, parentBased, root] = /^(parentbased_)?(.*)$/.exec(sampler) ?? [];
  const own =
    root === 'always_off'
      ? new AlwaysOffSampler()
      : root === 'traceidratio'
        ? new TraceIdRatioBasedSampler(ratio)
        : new AlwaysOnSampler();
  return parentBased === undefined ? own : new ParentBasedSampler({ root: own });
}

function complainTo(logger: Logger): void {
  let quietUntil = 0;
  const complain = (message: string) => {
    if (Date.now() < quietUntil) return;
    quietUntil = Date.now() + COMPLAINT_EVERY_MS;
    logger.warn({ reason: message }, 'spans could not be sent; more of this is not told for a minute');
  };
  const quiet = () => {};
  diag.setLogger(
    { error: complain, warn: complain, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}
