import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FactName, Facts } from '../../src/core/facts.ts';
import { filesSource } from '../../src/sources/files/files-source.ts';
import { parseYaml } from '../../src/sources/files/yaml-objects.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';

const SECRET =
  'apiVersion: v1\nkind: Secret\nmetadata: { name: qna }\nstringData: { KEY: a-real-value, EMPTY: "", PLACE: changeme }\n';

async function observe<N extends FactName>(cwd: string, name: N, paths: readonly string[] = ['.']): Promise<Facts[N]> {
  const source = filesSource({ paths, cwd, stdin: (async function* () {})() });
  const observed = (await source.collect(new Set([name]), new AbortController().signal)).facts[name];
  if (observed?.seen !== true) throw new Error(`${name} was not seen`);
  return observed.value as Facts[N];
}

describe('the files source', () => {
  it('keeps of a Secret whether each key is filled, and nothing of its values', async () => {
    const secrets = await observe(temporaryFolder({ 'secret.yaml': SECRET }), 'secrets');
    expect(secrets[0]?.object.data).toEqual({ KEY: 'filled', EMPTY: 'empty', PLACE: 'placeholder' });
    expect(JSON.stringify(secrets)).not.toContain('a-real-value');
  });

  it('knows of a secret that git ignores, without reading it as a manifest', async () => {
    const cwd = temporaryFolder({
      '.gitignore': 'k8s/secret.yaml\n',
      'k8s/secret.yaml': SECRET,
      'k8s/other.yaml': SECRET.replace('name: qna', 'name: other'),
    });
    execFileSync('git', ['init', '--quiet'], { cwd });
    const files = await observe(cwd, 'secretFiles');
    expect(files.map(({ file, ignored, tracked, filledKeys }) => ({ file, ignored, tracked, filledKeys }))).toEqual([
      { file: 'k8s/other.yaml', ignored: false, tracked: false, filledKeys: ['KEY'] },
      { file: 'k8s/secret.yaml', ignored: true, tracked: false, filledKeys: ['KEY'] },
    ]);
    expect((await observe(cwd, 'secrets')).map(({ ref }) => ref)).toEqual(['Secret other']);
  });

  it('follows the rules of every .gitignore between a folder and the root of its repository', async () => {
    const cwd = temporaryFolder({
      '.gitignore': '*.generated.yaml\nbuild/\n',
      'k8s/.gitignore': '!kept.generated.yaml\n',
      'k8s/a.generated.yaml': SECRET,
      'k8s/kept.generated.yaml': SECRET,
      'build/c.yaml': SECRET,
    });
    execFileSync('git', ['init', '--quiet'], { cwd });
    const found = await observe(cwd, 'secrets', ['k8s']);
    expect(found).toHaveLength(1);
  });

  it('places every part of an object, in any document of a file, also inside a List', async () => {
    const list = `# first\n---\napiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Service\n    metadata:\n      name: a\n    spec:\n      ports:\n        - port: 80\n`;
    const [service] = await observe(temporaryFolder({ 'list.yaml': list }), 'services');
    expect(service?.locate(['spec', 'ports', 0, 'port'])).toEqual({ file: 'list.yaml', line: 12, column: 17 });
    expect(service?.locate(['spec', 'ports', 0, 'targetPort'])).toEqual({ file: 'list.yaml', line: 12, column: 11 });
    expect(service?.locate(['spec', 'selector', 'app'])).toEqual({ file: 'list.yaml', line: 10, column: 5 });
  });

  it('leaves out what a kustomization names as a patch, and adds what its generators make', async () => {
    const cwd = temporaryFolder({
      'kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches: [{ path: patch.yaml }]\nconfigMapGenerator: [{ name: made, literals: [A=1] }]\n',
      'patch.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: qna }\nspec: { replicas: 3 }\n',
    });
    expect(await observe(cwd, 'deployments')).toEqual([]);
    expect((await observe(cwd, 'configMaps'))[0]?.object).toMatchObject({
      metadata: { name: 'made' },
      data: { A: '' },
    });
  });

  it('reads the instructions of a Dockerfile with their lines', async () => {
    const cwd = temporaryFolder({
      Dockerfile: '# a comment\nFROM node:24\nENV A=1 \\\n    B=2\nexpose 8080\n',
      'a.yaml': SECRET,
    });
    const [dockerfile] = await observe(cwd, 'dockerfiles');
    expect(
      dockerfile?.instructions.map(
        ({ keyword, value, where }) => `${keyword} ${value} @${'line' in where ? where.line : ''}`,
      ),
    ).toEqual(['FROM node:24 @2', 'ENV A=1 B=2 @3', 'EXPOSE 8080 @5']);
  });
});

describe('YAML, read as kubectl reads it', () => {
  it.each([
    ['yes', true],
    ['on', true],
    ['n', false],
    ['0777', 511],
    ['1_000', 1000],
    ['12:30:45', '12:30:45'],
    ['2026-11-01', '2026-11-01'],
    ['0x1F', 31],
    ['1e3', 1000],
    ['"yes"', 'yes'],
    ['~', null],
    ['<<', '<<'],
  ])('takes %s for %j', (text, value) => {
    expect(parseYaml(`a: ${text}\n`).documents[0]?.value).toEqual({ a: value });
  });

  it('never throws, whatever the bytes, and always names a line that exists', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'{}[]:-&*!|>"\'#%@,?\n\t a0') })),
        (text) => {
          const lines = text.split('\n').length;
          for (const { line, column } of parseYaml(text).faults) {
            expect(line).toBeGreaterThanOrEqual(1);
            expect(line).toBeLessThanOrEqual(lines + 1);
            expect(column).toBeGreaterThanOrEqual(1);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
