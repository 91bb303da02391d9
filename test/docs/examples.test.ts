import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import schema from '../../schemas/configuration-v1.schema.json' with { type: 'json' };
import type { Report } from '../../src/core/report.ts';
import { runCli } from '../cli/run-cli.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const EXAMPLES = join(ROOT, 'docs/examples');

describe('an example that audits after a release', () => {
  it.each(readdirSync(EXAMPLES).filter((name) => name.endsWith('.yaml')))(
    '%s is what an API server accepts and a careful namespace admits',
    async (name) => {
      const only = ['schema', 'pod-security', 'job', 'image/pinned', 'resources'].flatMap((topic) => ['--only', topic]);
      const { stdout } = await runCli(['validate', join(EXAMPLES, name), ...only, '--report', 'json']);
      const { findings } = JSON.parse(stdout) as Report;
      expect(findings.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown')).toEqual([]);
      expect(findings.filter(({ outcome }) => outcome === 'pass').length).toBeGreaterThan(5);
    },
  );

  it('runs commands that there are', async () => {
    for (const name of readdirSync(EXAMPLES).filter((each) => each.endsWith('.yaml'))) {
      const { args } = parse(readFileSync(join(EXAMPLES, name), 'utf8')).spec.template.spec.containers[0];
      const { exitCode, stderr } = await runCli([...args, '--kubeconfig', '/nowhere']);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('/nowhere');
    }
  });
});

describe('the page about editors', () => {
  const blocks = [...readFileSync(join(ROOT, 'docs/editor.md'), 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];

  it('names schemas that are shipped', () => {
    const settings = JSON.parse(blocks.find(([, language]) => language === 'json')?.[2] ?? '');
    const files = Object.keys(settings['yaml.schemas']);
    expect(files.length).toBe(2);
    for (const file of files) expect(existsSync(join(ROOT, file.replace('./node_modules/qna-ready/', '')))).toBe(true);
  });

  it('shows a configuration that its schema allows', () => {
    const ajv = new Ajv({ strict: false });
    ajvFormats.default(ajv);
    expect(ajv.validate(schema, parse(blocks.find(([, language]) => language === 'yaml')?.[2] ?? ''))).toBe(true);
  });
});
