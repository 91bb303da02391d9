import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import packageFile from '../../package.json' with { type: 'json' };
import schema from '../../schemas/configuration-v1.schema.json' with { type: 'json' };
import { EXIT_CODES } from '../../src/core/report.ts';
import { repositoryOf } from '../cli/git-repository.ts';
import { CONFIG_MAP, DEPLOYMENT, SERVICE } from '../cli/manifests.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { pathOfTests } from './npm-package.ts';
import { ACTION, act, ROOT } from './run-action.ts';

const PAGE = readFileSync(join(ROOT, 'docs/ci.md'), 'utf8');
const FENCES = [...PAGE.matchAll(/^( *)```(\w+)\n([\s\S]*?)^ *```$/gm)].map(
  ([, indent = '', language = '', text = '']) => ({
    language,
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }),
);
const PROJECT = {
  'k8s/app.yaml': DEPLOYMENT,
  'k8s/service.yaml': SERVICE,
  Dockerfile: 'FROM node:24\n',
  'docs/README.md': '# How it runs\n',
};

/** The parsed snippets for a file, which their first line names. */
function snippetsFor(file: string): readonly Readonly<Record<string, unknown>>[] {
  const found = FENCES.filter(({ text }) => text.startsWith(`# ${file}\n`));
  expect(found.length).toBeGreaterThan(0);
  return found.map(({ text }) => parse(text) as Readonly<Record<string, unknown>>);
}

describe('the page about pipelines', () => {
  it('has snippets for the shell and for files, and each of them is tested here', () => {
    const firstLines = FENCES.filter(({ language }) => language === 'yaml').map(({ text }) => text.split('\n')[0]);
    expect(new Set(firstLines)).toEqual(
      new Set([
        '# qna-ready.config.yaml',
        '# qna-ready.staging.yaml',
        '# .github/workflows/qna-ready.yml',
        '# .gitlab-ci.yml',
        '# .pre-commit-config.yaml',
      ]),
    );
    expect(FENCES.filter(({ language }) => language === 'sh')).toHaveLength(2);
  });

  it('tells the exit codes that there are', () => {
    for (const { code, verdict } of EXIT_CODES) expect(PAGE).toContain(`| ${code} | ${verdict.replace('-', ' ')} |`);
  });

  it('gives lines for a shell that do what is said of them', () => {
    const { folder, git } = repositoryOf(PROJECT);
    git('update-ref', 'refs/remotes/origin/main', 'main');
    const bin = temporaryFolder();
    const program = `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'bin/qna-ready.ts')}' "$@"\n`;
    writeFileSync(join(bin, 'qna-ready'), program, { mode: 0o755 });
    const env = { PATH: `${bin}:${pathOfTests()}`, HOME: bin };
    const codes = FENCES.filter(({ language }) => language === 'sh').map(({ text }) =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => spawnSync('sh', ['-c', line], { cwd: folder, env }).status),
    );
    // The last two are a baseline and what is left beside it.
    expect(codes).toEqual([
      [1, 0, 1],
      [0, 0],
    ]);
    for (const file of ['qna-ready.sarif', 'qna-ready.xml', '.qna-ready/baseline.json'])
      expect(existsSync(join(folder, file))).toBe(true);
  });

  it('shows a configuration that the gate follows, and one that it accepts', async () => {
    const [text] = FENCES.filter(({ text }) => text.startsWith('# qna-ready.config.yaml\n')).map(({ text }) => text);
    const cwd = temporaryFolder({ ...PROJECT, 'qna-ready.config.yaml': text ?? '', 'elsewhere/a.yaml': 'kind: [' });
    const { exitCode, stdout } = await runCli(['gate'], { cwd });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('gate of files k8s Dockerfile docs');
    expect(existsSync(join(cwd, 'qna-ready.sarif'))).toBe(true);
    const isConfiguration = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    expect(isConfiguration(snippetsFor('qna-ready.staging.yaml')[0])).toBe(true);
  });

  it('shows a workflow whose actions are pinned, and whose inputs do what they are for', () => {
    const [workflow] = snippetsFor('.github/workflows/qna-ready.yml');
    const { jobs } = workflow as unknown as {
      readonly jobs: {
        readonly gate: {
          readonly steps: readonly { readonly uses: string; readonly with: Readonly<Record<string, string>> }[];
        };
      };
    };
    const [checkout, own] = jobs.gate.steps;
    expect(checkout?.uses).toMatch(/^actions\/checkout@[0-9a-f]{40}$/);
    expect(own?.uses).toBe(`qna-ready/qna-ready@v${packageFile.version}`);
    const inputs = Object.fromEntries(
      Object.entries(own?.with ?? {}).map(([name, value]) => [
        name,
        value.replace(/\$\{\{ github\.base_ref \}\}/, 'main'),
      ]),
    );
    expect(Object.keys(ACTION.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)));
    const { folder, git } = repositoryOf(PROJECT);
    git('update-ref', 'refs/remotes/origin/main', 'main');
    expect(act(folder, inputs).outputs).toMatchObject({ verdict: 'ready', 'exit-code': '0' });
    expect(existsSync(join(folder, 'qna-ready.sarif'))).toBe(true);
    writeFileSync(
      join(folder, 'k8s/other.yaml'),
      `${DEPLOYMENT}---\n${SERVICE}---\n${CONFIG_MAP}`.replaceAll('qna', 'other'),
    );
    expect(act(folder, inputs).outputs).toMatchObject({ verdict: 'not-ready', 'exit-code': '1' });
  });

  it('names every input and every output of the action', () => {
    for (const name of [...Object.keys(ACTION.inputs), ...Object.keys(ACTION.outputs)])
      expect(PAGE).toContain(`\`${name}\``);
  });

  it('includes the template that there is, and sets what it knows', () => {
    const [file] = snippetsFor('.gitlab-ci.yml');
    const { include, variables } = file as unknown as {
      readonly include: readonly { readonly ref: string; readonly file: string }[];
      readonly variables: Readonly<Record<string, string>>;
    };
    const template = parse(readFileSync(join(ROOT, include[0]?.file ?? ''), 'utf8')) as {
      readonly 'qna-ready': { readonly variables: Readonly<Record<string, string>> };
    };
    expect(include[0]?.ref).toBe(`v${packageFile.version}`);
    expect(Object.keys(template['qna-ready'].variables)).toEqual(expect.arrayContaining(Object.keys(variables)));
  });

  it('chooses a hook that there is, and one of its own that does the same', () => {
    const hooks = parse(readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8')) as readonly Readonly<
      Record<string, unknown>
    >[];
    const configurations = snippetsFor('.pre-commit-config.yaml').map(
      (file) =>
        (
          file.repos as readonly {
            readonly rev?: string;
            readonly hooks: readonly Readonly<Record<string, unknown>>[];
          }[]
        )[0],
    );
    const [ofThis, local] = configurations;
    expect(ofThis?.rev).toBe(`v${packageFile.version}`);
    const chosen = hooks.find(({ id }) => id === ofThis?.hooks[0]?.id);
    const { entry, types_or, pass_filenames } = chosen ?? {};
    expect(local?.hooks[0]).toMatchObject({ entry, types_or, pass_filenames });
    expect(local?.hooks[0]?.additional_dependencies).toEqual([`qna-ready@${packageFile.version}`]);
  });
});
