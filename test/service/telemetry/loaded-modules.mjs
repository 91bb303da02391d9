// Loaded before the service, in tests alone: tells at the end which modules of OpenTelemetry were read.
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const loaded = new Set();
registerHooks({
  load(url, context, next) {
    if (url.includes('opentelemetry') || url.includes('open-telemetry')) loaded.add(url);
    return next(url, context);
  },
});
process.on('exit', () => writeFileSync(process.env.LOADED_MODULES ?? '', [...loaded].join('\n')));
