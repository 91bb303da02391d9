import type { Logger } from './logging.ts';
import type { Scrub } from './scrub.ts';
import { currentTracer, setTracer } from './tracer.ts';
import type { TracingSettings } from './tracing-settings.ts';

/** Starts the traces where the settings want them. Where not, not even the libraries for them are read. */
export async function startTracing(settings: TracingSettings | undefined, scrub: Scrub, logger: Logger): Promise<void> {
  if (settings === undefined) return;
  const { createOpenTelemetryTracer } = await import('./open-telemetry.ts');
  setTracer(createOpenTelemetryTracer(settings, scrub, logger));
}

/** Tells the spans that have not been told; a collector that is away costs no more than the bound. */
export async function stopTracing(timeoutMs = 2_000): Promise<void> {
  const tracer = currentTracer();
  setTracer(undefined);
  await tracer?.stop(timeoutMs);
}
