import { measureLoad } from './load.ts';
import type { Subject } from './subject.ts';

const STEPS = 20;
const REQUESTS_PER_STEP = 5_000;

export interface MemorySample {
  readonly requests: number;
  readonly residentMiB: number;
  readonly heapMiB: number;
}

/** A hundred thousand requests, three of four of them questions, with a look at the memory after every five thousand. */
export async function soak(service: Subject): Promise<readonly MemorySample[]> {
  const samples: MemorySample[] = [];
  for (let step = 1; step <= STEPS; step += 1) {
    const question = { question: `What of backup ${step}, and of the metrics?` };
    const asked = Math.round(REQUESTS_PER_STEP * 0.75);
    await measureLoad(service, { path: '/v1/ask', connections: 10, amount: asked, body: question });
    await measureLoad(service, { path: '/health/ready', connections: 10, amount: REQUESTS_PER_STEP - asked });
    samples.push({ requests: step * REQUESTS_PER_STEP, ...(await memoryOf(service)) });
  }
  const middle = mean(samples.slice(STEPS / 2, (3 * STEPS) / 4));
  const last = mean(samples.slice((3 * STEPS) / 4));
  const growth = last / middle - 1;
  console.log(
    `memory over ${STEPS * REQUESTS_PER_STEP} requests: ${middle.toFixed(0)} MiB in the third quarter, ${last.toFixed(0)} MiB in the last (${(growth * 100).toFixed(1)} %)  (flat, within 5 %: ${growth < 0.05 ? 'met' : 'MISSED'})`,
  );
  return samples;
}

async function memoryOf({ url }: Subject): Promise<{ readonly residentMiB: number; readonly heapMiB: number }> {
  const page = await (await fetch(`${url}/metrics`)).text();
  const mib = (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(page)?.[1]) / 1024 / 1024;
  return { residentMiB: mib('process_resident_memory_bytes'), heapMiB: mib('nodejs_heap_size_used_bytes') };
}

function mean(samples: readonly MemorySample[]): number {
  return samples.reduce((sum, { residentMiB }) => sum + residentMiB, 0) / samples.length;
}
