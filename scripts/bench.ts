import { benchAudit } from './bench/audit.ts';
import { benchCommandLine } from './bench/command-line.ts';
import { benchMetrics } from './bench/metrics.ts';
import { benchService } from './bench/service.ts';

/** `npm run bench` measures everything; `npm run bench -- service`, `-- command-line`, `-- audit` or `-- metrics` one part of it. */
const parts = {
  'command-line': () => benchCommandLine(flags),
  service: () => benchService(flags),
  audit: () => benchAudit(flags),
  metrics: () => benchMetrics(),
};
const names = Object.keys(parts) as (keyof typeof parts)[];
const flags = process.argv.slice(2).filter((word) => word.startsWith('--'));
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
for (const name of names)
  if (wanted.length === 0 || wanted.includes(name)) {
    console.log(`\n== ${name}`);
    await parts[name]();
  }
