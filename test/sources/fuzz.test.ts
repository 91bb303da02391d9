import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { parseYaml } from '../../src/sources/files/yaml-objects.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { mutated, RUNS, SEED } from './mutated-manifests.ts';

/** A wounded manifest as YAML, or its documents as one List of JSON with a wound of its own. */
const input = fc.oneof(
  mutated.map((text) => ({ file: 'a.yaml', text })),
  fc
    .record({ text: mutated, cut: fc.double({ min: 0, max: 1, noNaN: true }), put: fc.string({ maxLength: 3 }) })
    .map(({ text, cut, put }) => {
      const items = parseYaml(text).documents.map(({ value }) => value);
      const json = JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, undefined, 1);
      const at = Math.floor(cut * json.length);
      return { file: 'a.json', text: json.slice(0, at) + put + json.slice(at) };
    }),
);

describe('validate of a wounded manifest', () => {
  it(`ends with a report, and names no line that is not there (seed ${SEED})`, { timeout: 36_000_000 }, async () => {
    const cwd = temporaryFolder({});
    const slow: number[] = [];
    await fc.assert(
      fc.asyncProperty(input, async ({ file, text }) => {
        writeFileSync(join(cwd, file), text);
        const started = performance.now();
        const { exitCode, stdout, stderr } = await runCli(['validate', file, '--report', 'json'], { cwd });
        slow.push(performance.now() - started);
        expect([0, 1, 2, 3]).toContain(exitCode);
        if (stdout === '') {
          // Nothing in it was meant for Kubernetes any more.
          expect(stderr).toMatch(/^qna-ready: .+\n/);
          return;
        }
        const { findings, sources } = JSON.parse(stdout) as Report;
        const lines = text.split(/\r\n|\r|\n/).length;
        for (const { where } of [...findings, ...sources.flatMap(({ notSeen }) => notSeen)])
          if (where !== undefined && 'line' in where) {
            expect(where.line).toBeGreaterThanOrEqual(1);
            expect(where.line).toBeLessThanOrEqual(lines);
            expect(where.column).toBeGreaterThanOrEqual(1);
          }
      }),
      { numRuns: Math.ceil(RUNS / 5), seed: SEED },
    );
    // Told, and not asserted: a busy machine is no fault of a manifest.
    console.log(`The slowest of ${slow.length} took ${Math.max(...slow).toFixed(0)} ms.`);
  });
});
