import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import packageFile from '../../package.json' with { type: 'json' };
import { repositoryOf } from '../cli/git-repository.ts';
import { DEPLOYMENT, SERVICE } from '../cli/manifests.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { packProgram, pathOfTests } from './npm-package.ts';

interface Job {
  readonly variables: Readonly<Record<string, string>>;
  readonly script: readonly string[];
  readonly artifacts: { readonly when: string; readonly reports: Readonly<Record<string, string>> };
}

const TEMPLATE = join(import.meta.dirname, '../../ci/gitlab/qna-ready.gitlab-ci.yml');
const JOB = (parse(readFileSync(TEMPLATE, 'utf8')) as Readonly<Record<string, Job>>)['qna-ready'] as Job;
const BAD = { 'k8s/app.yaml': DEPLOYMENT, 'k8s/service.yaml': SERVICE };

/** As the runner does: the variables of the job, and its lines one after the other in one shell that stops at a failure. */
function runJob(cwd: string, variables: Readonly<Record<string, string>> = {}) {
  const home = temporaryFolder();
  const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', JOB.script.join('\n')], {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: pathOfTests(),
      HOME: home,
      GITLAB_CI: 'true',
      ...JOB.variables,
      QNA_READY_PACKAGE: packProgram('0.0.1'),
      ...variables,
    },
  });
  return { status, stdout, stderr };
}

describe('the template for GitLab', () => {
  it('names the package of this version, and fetches the history that the comparison needs', () => {
    expect(JOB.variables.QNA_READY_PACKAGE).toBe(`qna-ready@${packageFile.version}`);
    expect(JOB.variables.GIT_DEPTH).toBe('0');
    expect(JOB.artifacts.when).toBe('always');
  });

  it('writes the reports that it hands to GitLab, and fails where something fails', () => {
    const cwd = temporaryFolder(BAD);
    const { status, stdout, stderr } = runJob(cwd);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('Wrote gitlab report') });
    expect(stdout).toContain('Not ready:');
    const { codequality = '', junit = '', ...others } = JOB.artifacts.reports;
    expect(others).toEqual({});
    expect(JSON.parse(readFileSync(join(cwd, codequality), 'utf8')).length).toBeGreaterThan(5);
    expect(readFileSync(join(cwd, junit), 'utf8')).toContain('<testsuites');
  });

  it.each(['CI_MERGE_REQUEST_DIFF_BASE_SHA', 'CI_MERGE_REQUEST_TARGET_BRANCH_SHA'])(
    'compares a merge request with %s, with the paths and options that are set',
    (variable) => {
      const { folder, git } = repositoryOf(BAD);
      const base = git('rev-parse', 'main').trim();
      const paths = { QNA_READY_PATHS: 'k8s/app.yaml k8s/service.yaml', QNA_READY_ARGS: '--fail-on error' };
      expect(runJob(folder, { [variable]: base, ...paths }).status).toBe(0);
    },
  );

  it('counts of a merge request what is new in it', () => {
    const { folder, git } = repositoryOf(BAD);
    writeFileSync(join(folder, 'other.yaml'), `${DEPLOYMENT}---\n${SERVICE}`.replaceAll('qna', 'other'));
    const { status, stdout } = runJob(folder, { CI_MERGE_REQUEST_DIFF_BASE_SHA: git('rev-parse', 'main').trim() });
    expect(status).toBe(1);
    expect(stdout).not.toMatch(/^error .*Deployment qna/m);
  });

  it('takes no variable for code', () => {
    const cwd = temporaryFolder(BAD);
    const code = '$(touch x); touch x #';
    const all = { CI_MERGE_REQUEST_DIFF_BASE_SHA: code, QNA_READY_PATHS: code, QNA_READY_ARGS: code };
    expect(runJob(cwd, all).status).toBe(2);
    expect(existsSync(join(cwd, 'x'))).toBe(false);
  });
});
