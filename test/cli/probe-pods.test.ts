import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('probe of a pod', () => {
  it.each([
    ['nothing at all', [], 'There is nothing to probe.'],
    ['a name that no pod has', ['--pod', 'Qna_0'], '--pod Qna_0 is not of the form NAME or NAME:PORT.'],
    ['a port that is none', ['--pod', 'qna-0:99999'], '--pod qna-0:99999 is not of the form NAME or NAME:PORT.'],
    ['a port of 0', ['--pod', 'qna-0:0'], '--pod qna-0:0 is not of the form NAME or NAME:PORT.'],
    ['a namespace and no pod', ['http://127.0.0.1:9', '-n', 'prod'], '--namespace says where a pod is'],
    ['a kubeconfig that is not there', ['--pod', 'qna-0', '--kubeconfig', 'none'], 'none does not exist.'],
    ['no way to a cluster', ['--pod', 'qna-0'], 'No kubeconfig was found.'],
  ])('is refused in a sentence for %s', async (_, argv, sentence) => {
    const cwd = temporaryFolder();
    const { exitCode, stdout, stderr } = await runCli(['probe', ...argv], { cwd, env: { HOME: cwd } });
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  it('that cannot be reached for want of a server says so', async () => {
    const kubeconfig = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: 'http://127.0.0.1:9', 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'u', user: { token: 'x' } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', namespace: 'prod' } }],
      'current-context': 'c',
    });
    const cwd = temporaryFolder({ kubeconfig });
    const { exitCode, stderr } = await runCli(['probe', '--pod', 'qna-0', '--kubeconfig', 'kubeconfig'], { cwd });
    expect(stderr).toContain('The pod prod/qna-0 cannot be reached: ');
    expect(exitCode).toBe(2);
  });
});
