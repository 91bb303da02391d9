import { createMetrics } from '../../service/telemetry/metrics.ts';

/** The time in which a page of so many lines is written, in milliseconds, and how many lines it had. The quickest of many: work of others only adds. */
export async function measureMetricsPage(lines: number): Promise<{ readonly ms: number; readonly lines: number }> {
  for (let count = 10; ; count += 10) {
    const metrics = createMetrics({
      provider: 'openai',
      model: 'bench',
      // Each tool adds series of its own, so they make the page as long as is wanted.
      tools: Array.from({ length: count }, (_, n) => `tool_${n}`),
      pool: () => ({ total: 4, idle: 2, waiting: 0, max: 4 }),
    });
    const found = (await metrics.page()).body.split('\n').length;
    if (found < lines) continue;
    const times: number[] = [];
    for (let n = 0; n < 101; n += 1) {
      const started = performance.now();
      await metrics.page();
      times.push(performance.now() - started);
    }
    return { ms: Math.min(...times), lines: found };
  }
}
