import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { type CliResult, runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const NOW = new Date('2026-12-01T08:00:00Z');
const SIGNOFFS = '.qna-ready/signoffs.yaml';
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: { name: qna, namespace: prod }
spec:
  selector: { matchLabels: { app: qna } }
  template:
    metadata: { labels: { app: qna } }
    spec:
      containers:
        - { name: api, image: ghcr.io/example/qna:1.0, ports: [{ containerPort: 8080 }] }
`;
const WORDS = ['--by', 'Jane Doe', '--note', 'Walked through it with both teams.', '--until', '2027-01-31'];

describe('checklist sign', () => {
  it('makes an item done that only a person can answer, and shows who answered', async () => {
    const cwd = project();
    const result = await sign(cwd, '9.1');
    expect(result).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(SIGNOFFS) });
    expect(result.stdout).toContain('Signed 9.1 llm-deadline for Jane Doe until 2027-01-31');
    const { items } = await report(cwd);
    expect(items.find(({ id }) => id === '9.1')).toMatchObject({
      state: 'done',
      signature: { by: 'Jane Doe', state: 'valid', reason: '' },
    });
    for (const format of ['text', 'markdown', 'html']) {
      const { stdout } = await checklist(cwd, '--report', format);
      expect(stdout.replace(/\s+/g, ' ')).toContain('Signed by Jane Doe on 2026-12-01 until 2027-01-31');
    }
  });

  it('says by what somebody saw it where no source was given, and holds nothing up then', async () => {
    const cwd = project();
    await sign(cwd, '7.5,http-answers,callers');
    const { items } = await report(cwd);
    expect(items.filter(({ signature }) => signature !== undefined).map(({ id, state }) => [id, state])).toEqual([
      ['7.5', 'done'],
      ['7.6', 'done'],
    ]);
  });

  it('refuses to sign a failure away', async () => {
    const cwd = project();
    const result = await sign(cwd, '6.1');
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(
      /^qna-ready: Item 6\.1 is to do: resources\/.* A failure is not signed away\.\n {2}Mend it/,
    );
    expect(readOr(cwd)).toBeUndefined();
  });

  it('is void once the evidence is another, and the item is what it was', async () => {
    const cwd = project();
    await sign(cwd, '8.1,7.5');
    expect(await stateOf(cwd, '8.1')).toMatchObject({ state: 'done', signature: { state: 'valid' } });
    writeFileSync(join(cwd, 'another.yaml'), DEPLOYMENT.replaceAll('qna', 'another'));
    expect(await stateOf(cwd, '8.1')).toMatchObject({
      state: 'done',
      signature: { state: 'void', reason: 'The evidence has changed since it was signed.' },
    });
    const { items, summary } = await report(cwd);
    expect(items.find(({ id }) => id === '7.5')).toMatchObject({ state: 'done', signature: { state: 'valid' } });
    expect(summary.exitCode).toBe(1);
  });

  it('tells of a signature that has expired, that was changed by hand, that is given twice, or that names no item', async () => {
    const cwd = project();
    await sign(cwd, '9.1,9.2');
    const text = readFileSync(join(cwd, SIGNOFFS), 'utf8');
    const entry = text.slice(text.indexOf('  - item: "9.1"'), text.indexOf('  - item: "9.2"'));
    writeFileSync(
      join(cwd, SIGNOFFS),
      `${text.replace(/(item: "9\.2"[\s\S]*?by: )Jane Doe/, '$1Somebody Else')}${entry}${entry.replace('9.1', '9.19')}`,
    );
    const { findings, items } = await report(cwd);
    const told = findings.filter(({ check }) => check === 'policy/signoffs');
    expect(told.map(({ message, where }) => [message, where !== undefined && 'line' in where])).toEqual([
      ['This signature was changed after it was given, so it does not count.', true],
      ['Item 9.1 is signed twice, and only the first signature counts.', true],
      ['The checklist has no item 9.19, so nothing is signed.', true],
    ]);
    expect(items.find(({ id }) => id === '9.2')).toMatchObject({ state: 'manual' });
    const later = await report(cwd, new Date('2027-02-01T00:00:00Z'));
    expect(later.items.find(({ id }) => id === '9.1')).toMatchObject({
      state: 'manual',
      signature: { state: 'expired', reason: 'It held until 2027-01-31.' },
    });
  });

  it('keeps the comments and the other entries of the file, and puts a new signature in place of the old', async () => {
    const cwd = project();
    await sign(cwd, '9.1,9.2');
    const commented = readFileSync(join(cwd, SIGNOFFS), 'utf8').replace(
      '  - item: "9.2"',
      '  # Ask Jane before this ends.\n  - item: "9.2"',
    );
    writeFileSync(join(cwd, SIGNOFFS), commented);
    await sign(cwd, '9.2', '--until', '2027-03-01');
    const text = readFileSync(join(cwd, SIGNOFFS), 'utf8');
    expect(text).toContain('# Ask Jane before this ends.\n  - item: "9.2"');
    expect(text.match(/- item:/g)).toHaveLength(2);
    expect(text.split('\n').slice(0, 12)).toEqual(commented.split('\n').slice(0, 12));
    expect(await stateOf(cwd, '9.2')).toMatchObject({ signature: { until: '2027-03-01', state: 'valid' } });
  });

  it.each<[string, readonly string[], RegExp]>([
    ['an item that there is not', ['9.11'], /no item "9\.11"\.\n {2}Did you mean/],
    ['a day that is past', ['9.1', '--until', '2026-11-30'], /is past\.\n {2}Today is 2026-12-01/],
    ['a day that is none', ['9.1', '--until', '2027-02-30'], /is no day\.\n {2}Write it as YYYY-MM-DD/],
    ['a day far ahead', ['9.1', '--until', '2028-06-01'], /more than a year ahead/],
    ['nobody', ['9.1', '--by', ' '], /--by is empty/],
    ['a note of several lines', ['9.1', '--note', 'a\nb'], /cannot be seen/],
    ['a name that reads backwards', ['9.1', '--by', '\u202Eeod'], /cannot be seen/],
    ['what does not apply', ['9.4'], /does not apply here/],
  ])('refuses %s in a sentence, and writes nothing', async (_name, [item = '', ...more], said) => {
    const cwd = project();
    const result = await sign(cwd, item, ...more);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(said);
    expect(readOr(cwd)).toBeUndefined();
  });

  it('refuses an option that stands where it would not count', async () => {
    const result = await runCli(['checklist', '--fail-on', 'error', 'sign', '9.1', ...WORDS]);
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--fail-on stands before sign') });
  });

  it.each([
    ['no YAML', 'signoffs: [', /:\d+:\d+: the file of signatures cannot be parsed/],
    ['another shape', 'signoffs: [{ item: "9.1" }]', /no valid file of signatures: .*required property 'by'/],
  ])('leaves a file alone that is %s', async (_name, text, said) => {
    const cwd = project();
    mkdirSync(join(cwd, '.qna-ready'));
    writeFileSync(join(cwd, SIGNOFFS), text);
    for (const result of [await sign(cwd, '9.1'), await checklist(cwd)]) {
      expect(result.exitCode).toBe(2);
      expect(result.stderr).toMatch(said);
    }
    expect(readOr(cwd)).toBe(text);
  });

  it.skipIf(process.getuid?.() === 0)('says where it may not write', async () => {
    const cwd = project();
    chmodSync(cwd, 0o500);
    const result = await sign(cwd, '9.1');
    chmodSync(cwd, 0o700);
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('cannot be written to') });
  });

  it('of one application of several is given for that alone', async () => {
    const cwd = project();
    writeFileSync(join(cwd, 'other.yaml'), DEPLOYMENT.replaceAll('qna', 'other'));
    const service = (name: string) =>
      `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: prod }\nspec: { selector: { app: ${name} }, ports: [{ port: 80, targetPort: 8080 }] }\n`;
    writeFileSync(join(cwd, 'services.yaml'), `${service('qna')}---\n${service('other')}`);
    expect((await sign(cwd, '9.1')).stderr).toMatch(
      /about 2 applications, and each is signed alone\.\n {2}Choose one with --app/,
    );
    expect(await sign(cwd, '9.1', '--app', 'qna')).toMatchObject({ exitCode: 0 });
    const ofApp = async (name: string) =>
      (JSON.parse((await checklist(cwd, '--app', name, '--report', 'json')).stdout) as Report).items.find(
        ({ id }) => id === '9.1',
      )?.signature?.state;
    expect([await ofApp('qna'), await ofApp('other')]).toEqual(['valid', undefined]);
  });
});

describe('an owner', () => {
  it('of a section or an item is told with it, the nearest first', async () => {
    const cwd = project();
    writeFileSync(join(cwd, 'qna-ready.config.yaml'), `owners: { '9': the LLM team, llm-budget: Jane Doe }\n`);
    const { items } = await report(cwd);
    expect(items.filter(({ owner }) => owner !== undefined).map(({ id, owner }) => `${id} ${owner}`)).toEqual([
      '9.1 the LLM team',
      '9.2 Jane Doe',
      '9.3 the LLM team',
      '9.4 the LLM team',
      ...items.filter(({ id }) => /^9\.[5-9]/.test(id)).map(({ id }) => `${id} the LLM team`),
    ]);
    expect((await checklist(cwd)).stdout).toContain('Owner: Jane Doe');
    expect((await checklist(cwd, '--report', 'markdown')).stdout).toContain('| Jane Doe |');
  });

  it('of nothing is refused', async () => {
    const cwd = project();
    writeFileSync(join(cwd, 'qna-ready.config.yaml'), 'owners: { llm-budgets: Jane Doe }\n');
    expect(await checklist(cwd)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Did you mean llm-budget?'),
    });
  });
});

function project(): string {
  return temporaryFolder({ 'deployment.yaml': DEPLOYMENT });
}

function sign(cwd: string, items: string, ...more: readonly string[]): Promise<CliResult> {
  return runCli(['checklist', 'sign', items, '.', ...WORDS, ...more], { cwd, now: NOW });
}

function checklist(cwd: string, ...more: readonly string[]): Promise<CliResult> {
  return runCli(['checklist', '.', ...more], { cwd, now: NOW });
}

async function report(cwd: string, now = NOW): Promise<Report> {
  return JSON.parse((await runCli(['checklist', '.', '--report', 'json'], { cwd, now })).stdout) as Report;
}

async function stateOf(cwd: string, id: string) {
  return (await report(cwd)).items.find((item) => item.id === id);
}

function readOr(cwd: string): string | undefined {
  try {
    return readFileSync(join(cwd, SIGNOFFS), 'utf8');
  } catch {
    return undefined;
  }
}
