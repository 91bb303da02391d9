import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptsBelow } from '../../src/sources/files/excerpt.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';

const shown = (text: string, line: number, file = 'a.yaml') =>
  excerptsBelow(temporaryFolder({ [file]: text }))(file, line);

describe('the lines around a finding', () => {
  it('are the line and its neighbours, with what an object says of itself', () => {
    const text =
      'containers:\n  - name: api # the service\n    image: example/qna:1.0.0\n    ports: [{ containerPort: 8080 }]\n';
    expect(shown(text, 2)).toEqual([
      { line: 1, text: 'containers:' },
      { line: 2, text: '  - name: api # the service' },
      { line: 3, text: '    image: example/qna:1.0.0' },
    ]);
    expect(shown('requests: { cpu: 100m, memory: 1Gi }\n', 1)).toEqual([
      { line: 1, text: 'requests: { cpu: 100m, memory: 1Gi }' },
    ]);
  });

  it('are none for a file that is gone, no manifest, or shorter', () => {
    expect(excerptsBelow(temporaryFolder({}))('a.yaml', 1)).toEqual([]);
    expect(shown('KEY=value\n', 1, '.env')).toEqual([]);
    expect(shown('a: b\n', 9)).toEqual([]);
  });

  /** Every shape in which a manifest can hold a secret that nothing but its place gives away. */
  const SHAPES: readonly (readonly [name: string, text: (secret: string) => string])[] = [
    ['a Secret', (secret) => `kind: Secret\nstringData:\n  KEY: ${secret}\n`],
    ['a Secret as JSON', (secret) => `{\n"kind": "Secret",\n"stringData": {"K": "${secret}"}\n}\n`],
    ['a file in a Secret', (secret) => `kind: Secret\nstringData:\n  a.conf: |\n    ${secret}\n`],
    ['a ConfigMap', (secret) => `kind: ConfigMap\ndata:\n  greeting: ${secret}\n`],
    ['a ConfigMap in a List', (secret) => `kind: List\nitems:\n  - data:\n      greeting: ${secret}\n`],
    ['the value of a variable', (secret) => `env:\n  - name: X\n    value: ${secret}\n`],
    ['the value of a variable on one line', (secret) => `env:\n  - { name: X, value: ${secret} }\n`],
    ['a quoted value', (secret) => `env:\n  - { name: X, value: "${secret}" }\n`],
    ['the word after a flag', (secret) => `args:\n  - --password\n  - ${secret}\n`],
    ['words on one line', (secret) => `args: [--password, ${secret}]\n`],
    ['a flag with its value', (secret) => `args:\n  - --password=${secret}\n`],
    ['a script', (secret) => `args:\n  - |\n    run ${secret}\n`],
    ['a value on the next line', (secret) => `value:\n  ${secret}\n`],
    ['a quoted text of two lines', (secret) => `description: "x\n  ${secret}"\n`],
    ['a header', (secret) => `httpHeaders:\n  - name: Authorization\n    value: ${secret}\n`],
    ['a password by its name', (secret) => `spec:\n  adminPassword: ${secret}\n`],
    ['a comment', (secret) => `spec: {}\n# password: ${secret}\n`],
    ['a comment behind a value', (secret) => `replicas: 2 # PGPASSWORD=${secret}\n`],
  ];

  it.each(SHAPES)('never tell the secret in %s', (_, text) => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][A-Za-z0-9_]{9,16}$/), fc.integer({ min: 1, max: 4 }), (secret, line) => {
        const told = shown(text(secret), line).map((row) => row.text);
        expect(told.join('\n')).not.toContain(secret);
      }),
      { numRuns: 20 },
    );
  });
});
