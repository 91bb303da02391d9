import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const PROMPT = 'apiVersion: example.test/v1\nkind: Prompt\nmetadata: { name: greeting }\nspec: { texts: Hello. }\n';
const DEFINITION = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: prompts.example.test }
spec:
  group: example.test
  scope: Namespaced
  names: { kind: Prompt, plural: prompts }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                text: { type: string }
`;
const VALID = ['--only', 'schema/valid'];

describe('validate, of custom resources', () => {
  it('does not know a kind that nobody defined, and says how to tell of it', async () => {
    const cwd = temporaryFolder({ 'k8s/prompt.yaml': PROMPT });
    const { exitCode, stdout } = await runCli(['validate', 'k8s', ...VALID], { cwd });
    expect(stdout).toContain('--crds');
    expect(exitCode).toBe(3);
  });

  it.each([
    ['a folder, although git ignores it', 'crds'],
    ['a file', 'crds/prompts.yaml'],
  ])('takes definitions from %s', async (_, crds) => {
    const cwd = temporaryFolder({
      'k8s/prompt.yaml': PROMPT,
      'crds/prompts.yaml': DEFINITION,
      '.gitignore': 'crds/\n',
    });
    const { exitCode, stdout } = await runCli(['validate', 'k8s', '--crds', crds, ...VALID], { cwd });
    expect(stdout).toContain('the field texts does not exist; did you mean text.');
    expect(stdout).toContain('k8s/prompt.yaml:4:16');
    expect(exitCode).toBe(1);
  });

  it.each([
    ['is not there', 'nowhere', 'it does not exist'],
    ['defines nothing', 'k8s', 'holds no CustomResourceDefinition'],
    ['cannot be parsed', 'broken.yaml', 'defines nothing'],
  ])('refuses a place that %s', async (_, crds, reason) => {
    const cwd = temporaryFolder({ 'k8s/prompt.yaml': PROMPT, 'broken.yaml': 'kind: [' });
    const { exitCode, stderr } = await runCli(['validate', 'k8s', '--crds', crds, ...VALID], { cwd });
    expect(stderr).toContain(reason);
    expect(exitCode).toBe(2);
  });
});

describe('validate, for a version of Kubernetes', () => {
  const autoscaler = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: qna }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: qna }
  minReplicas: 0
  maxReplicas: 3
  metrics:
    - type: External
      external: { metric: { name: queue }, target: { type: AverageValue, averageValue: 10 } }
`;

  it.each([
    ['1.37', 0],
    ['1.36', 1],
  ])('judges as the API server of %s', async (version, expected) => {
    const { exitCode } = await runCli(['validate', '-', '--kubernetes', version, '--only', 'schema'], {
      stdin: autoscaler,
    });
    expect(exitCode).toBe(expected);
  });

  it('refuses a version that it does not know', async () => {
    const { exitCode, stderr } = await runCli(['validate', '-', '--kubernetes', '1.20'], { stdin: autoscaler });
    expect(stderr).toContain('1.37, 1.36, 1.35');
    expect(exitCode).toBe(2);
  });
});
