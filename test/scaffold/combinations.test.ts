import { describe, expect, it } from 'vitest';
import { completeAnswers } from '../../src/scaffold/answers.ts';
import type { WantedFile } from '../../src/scaffold/plan.ts';
import { renderSet } from '../../src/scaffold/render.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { COMBINATIONS, describeCombination } from './combinations.ts';
import { installed, readYaml } from './scaffolded.ts';

describe('choices of answers, in which every two meet', () => {
  it.each(COMBINATIONS.map((given) => [describeCombination(given), given] as const))('%s', async (_what, given) => {
    const files = installed(completeAnswers(given));
    for (const [path, text] of Object.entries(files)) {
      expect(text, path).not.toMatch(/\$\{\w+\}|qna:(?:if|end)|QNAHELM/);
      if (!path.endsWith('.yaml')) continue;
      const objects = readYaml(text, '1.1');
      expect(objects, path).toEqual(readYaml(text, '1.2'));
      expect(objects.length, path).toBeGreaterThan(0);
    }
    const { exitCode, stdout, stderr } = await runCli(['validate', '.', '--report', 'json'], {
      cwd: temporaryFolder(files),
    });
    const { findings } = JSON.parse(stdout) as {
      findings: readonly { check: string; outcome: string; subject: string; message: string }[];
    };
    const left = findings.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'not-applicable');
    expect(left.map(({ check, subject, message }) => `${check} ${subject}: ${message}`)).toEqual([]);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('make the same objects by a chart as by plain files, apart from the digest of the ConfigMap', () => {
    for (const given of COMBINATIONS.slice(0, 16)) {
      const [chart, plain] = (['helm', 'plain'] as const).map((layout) =>
        objectsOf(installed(completeAnswers({ ...given, layout }))),
      );
      expect(chart).toEqual(plain);
    }
  });

  it('warn of a controller that nobody maintains', async () => {
    const { stdout } = await runCli(['init', '.', '--yes', '--set', 'ingressController=ingress-nginx'], {
      cwd: temporaryFolder(),
    });
    expect(stdout).toContain('Warning: ingress-nginx is unmaintained since 2026-03-24');
  });
});

describe('a chart', () => {
  it('refuses by its schema what init would refuse', () => {
    const files = new Map(set().map(({ path, text }) => [path, text]));
    const schema = JSON.parse(files.get('chart/values.schema.json') ?? '');
    const [values] = readYaml(files.get('chart/values.yaml') ?? '');
    expect(schema.required).toEqual(Object.keys(values));
    expect(schema.additionalProperties).toBe(false);
    expect(schema.properties.port.maximum).toBe(65_535);
  });

  it('has every value that it asks for', () => {
    const files = set();
    const [values] = readYaml(files.find(({ path }) => path === 'chart/values.yaml')?.text ?? '');
    const asked = files.flatMap(({ path, text }) =>
      path.startsWith('chart/templates/') ? [...text.matchAll(/\.Values\.(\w+)/g)].map((match) => match[1]) : [],
    );
    expect([...new Set(asked)].sort()).toEqual(Object.keys(values).sort());
  });

  function set(): readonly WantedFile[] {
    return renderSet(completeAnswers({ layout: 'helm', monitoring: 'operator' }), () => undefined, {});
  }
});

/** Every object by its kind and name. */
function objectsOf(files: Readonly<Record<string, string>>): object {
  const named = Object.entries(files)
    .filter(([path]) => path.startsWith('k8s/') && path.endsWith('.yaml'))
    .flatMap(([path, text]) =>
      readYaml(text).map((object) => [`${path} ${object.kind} ${object.metadata?.name}`, object]),
    );
  for (const [, object] of named) delete object.spec?.template?.metadata?.annotations?.['checksum/config'];
  return Object.fromEntries(named);
}
