import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { newVersionOf } from '../../src/scaffold/plan.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { filesBelow, initIn, scaffolded, textOf } from './scaffolded.ts';

const TREES = join(import.meta.dirname, 'fixtures/upgrades');
const SECRETS = 'k8s/secrets.yaml';
const OWN = { 'k8s/extra.yaml': 'kind: ConfigMap\napiVersion: v1\nmetadata: { name: ours, namespace: qna }\n' };

/** What a person did to a tree since, as it stands in each: a text and what it became, `undefined` for the end of a file. */
type Edits = Readonly<Record<string, readonly (readonly [from: string | undefined, to: string])[]>>;

const EDITS: Edits = {
  'k8s/deployment.yaml': [['replicas: 2', 'replicas: 5 # Measured in May.']],
  'k8s/configmap.yaml': [['LOG_LEVEL: info', 'LOG_LEVEL: debug']],
  'docs/RUNBOOK.md': [[undefined, '\n## Ours\n\nCall Ada.\n']],
};
const INGRESS: Edits = { 'k8s/ingress.yaml': [['- host: qna.team.org', '- host: mine.team.org']] };
const GATEWAY: Edits = { 'k8s/gateway.yaml': [['qna.team.org', 'mine.team.org']] };

describe('an upgrade', () => {
  it('of a tree of which digests are known only brings what nobody touched up to date, and leaves the rest', async () => {
    const edits = { ...EDITS, ...INGRESS };
    const root = edited('1-digests-only', edits);
    const before = Object.fromEntries(Object.keys(edits).map((path) => [path, textOf(root, path)]));
    const { exitCode, stdout, stderr } = await initIn(root);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const fresh = await freshLike(root);
    for (const [path, text] of Object.entries(before)) {
      expect(stdout).toMatch(new RegExp(`^conflict +${path} +.*it stays as it is`, 'm'));
      expect(textOf(root, path), path).toBe(text);
      if (!textOf(fresh, path).includes('checksum/config'))
        expect(textOf(root, newVersionOf(path)), path).toBe(textOf(fresh, path));
    }
    const touched = new Set([...Object.keys(edits), SECRETS, 'k8s/pdb.yaml', '.gitignore']);
    for (const path of filesBelow(fresh).filter((file) => !touched.has(file) && !file.startsWith('.qna-ready/')))
      expect(textOf(root, path), path).toBe(textOf(fresh, path));
    expect(textOf(root, '.gitignore')).toMatch(/^overlays\/\*\/secrets\.yaml$/m);
    expect(stdout).toMatch(/^kept +k8s\/backup\/pvc\.yaml +No longer part of the set/m);
    await expectKept(root);
  });

  it.each([
    ['2-first-texts', { ...EDITS, ...INGRESS }],
    ['3-choices', { ...EDITS, ...GATEWAY }],
  ])('of %s keeps each edit beside what is new', async (tree, edits) => {
    const root = edited(tree, edits);
    const { exitCode, stdout, stderr } = await initIn(root, ['--host', 'ask.team.org']);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(textOf(root, '.qna-ready/answers.yaml')).toMatch(/^version: 2$[\s\S]*^controllerNamespace: traefik$/m);
    const rows = stdout.split('\n').filter((line) => /^(?:merged|conflict) /.test(line));
    await expect(
      [...rows, '', ...differences(await freshLike(root), root)].join('\n').concat('\n'),
    ).toMatchFileSnapshot(join(TREES, `${tree}.golden`));
    await expectKept(root);
  });
});

/** A deleted file is not there, a file of the person's own is, no password is made for a database that has one, and that is all. */
async function expectKept(root: string): Promise<void> {
  const files = filesBelow(root);
  expect(files).not.toContain('k8s/pdb.yaml');
  expect(files).not.toContain(SECRETS);
  for (const [path, text] of Object.entries(OWN)) expect(textOf(root, path)).toBe(text);
  expect((await initIn(root)).stdout).toMatch(/^0 of \d+ files were written\.$/m);
}

function edited(tree: string, edits: Edits): string {
  const root = temporaryFolder(OWN);
  cpSync(join(TREES, tree), root, { recursive: true });
  for (const [path, changes] of Object.entries(edits))
    for (const [from, to] of changes) {
      const text = textOf(root, path);
      if (from !== undefined) expect(text).toContain(from);
      writeFileSync(join(root, path), from === undefined ? text + to : text.replace(from, to));
    }
  rmSync(join(root, 'k8s/pdb.yaml'));
  return root;
}

/** What a new folder gets for the same answers. */
async function freshLike(root: string): Promise<string> {
  const fresh = await scaffolded(['--answers', 'given.yaml'], {
    'given.yaml': textOf(root, '.qna-ready/answers.yaml'),
  });
  rmSync(join(fresh.root, 'given.yaml'));
  return fresh.root;
}

/** Lines that differ, without those around them, so that a change of the templates elsewhere does not show. */
function differences(fresh: string, root: string): readonly string[] {
  const isOfPerson = (path: string) => !path.startsWith('.qna-ready/') && path !== SECRETS;
  const [before, after] = [fresh, root].map((folder) => new Set(filesBelow(folder).filter(isOfPerson)));
  return [...new Set([...(before ?? []), ...(after ?? [])])].sort().flatMap((path) => {
    if (before?.has(path) !== true) return [`${path} is theirs`];
    if (after?.has(path) !== true) return [`${path} is gone`];
    const lines = createTwoFilesPatch('', '', textOf(fresh, path), textOf(root, path), '', '', { context: 0 })
      .split('\n')
      .filter((line) => /^[-+](?![-+]{2} ?$)/.test(line) && !line.includes('checksum/config'));
    return lines.length === 0 ? [] : [path, ...lines];
  });
}
