import { expect, it } from 'vitest';
import { remarksOf as checkov } from '../cluster/benchmark/judges/checkov.ts';
import { remarksOf as kubeLinter } from '../cluster/benchmark/judges/kube-linter.ts';
import { remarksOf as kubeScore } from '../cluster/benchmark/judges/kube-score.ts';
import { pinnedVersion } from '../cluster/benchmark/judges/pinned-version.ts';
import { remarksOf as polaris } from '../cluster/benchmark/judges/polaris.ts';
import { remarksOf as popeye } from '../cluster/benchmark/judges/popeye.ts';

it('reads Popeye, of which only the namespace counts, and of that no praise', () => {
  const said = (level: number, message: string, group = '__root__') => ({ group, gvr: 'v1/pods', level, message });
  const sections = [
    { linter: 'clusters', gvr: 'c', issues: { Version: [said(2, '[POP-405] Is this a jurassic cluster?')] } },
    {
      linter: 'pods',
      gvr: 'v1/pods',
      issues: {
        'shop/qna-1': [
          said(3, '[POP-204] Pod is not ready [0/1]'),
          said(1, '[POP-108] Unnamed port 80', 'qna'),
          said(0, '[POP-0] All is well'),
        ],
        'shop-2/qna-1': [said(3, '[POP-204] Pod is not ready [0/1]')],
      },
    },
    { linter: 'jobs', gvr: 'batch/v1/jobs' },
  ];
  expect(popeye(JSON.stringify({ popeye: { sections } }), 'shop')).toEqual([
    { check: 'POP-204', object: 'pods qna-1', words: 'Pod is not ready [0/1]', counts: true },
    { check: 'POP-108', object: 'pods qna-1 container qna', words: 'Unnamed port 80', counts: false },
  ]);
});

it('reads what failed for Polaris: of objects, of their pods and of their containers', () => {
  const result = (Success: boolean, Message: string) => ({ Success, Message, Severity: 'warning' });
  const Results = [
    {
      Name: 'other',
      Namespace: 'shop-2',
      Kind: 'Deployment',
      Results: { deploymentMissingReplicas: result(false, 'Only one replica is scheduled') },
    },
    { Name: 'default-deny', Namespace: 'shop', Kind: 'NetworkPolicy', Results: {}, PodResult: null },
    {
      Name: 'qna',
      Namespace: 'shop',
      Kind: 'Deployment',
      Results: { deploymentMissingReplicas: result(false, 'Only one replica is scheduled') },
      PodResult: {
        Name: '',
        Results: { hostIPCSet: result(true, 'Host IPC is not configured') },
        ContainerResults: [{ Name: 'qna', Results: { runAsRootAllowed: result(false, 'Should not run as root') } }],
      },
    },
  ];
  expect(polaris(JSON.stringify({ Results }), 'shop')).toEqual([
    {
      check: 'deploymentMissingReplicas',
      object: 'Deployment qna',
      words: 'Only one replica is scheduled',
      counts: true,
    },
    {
      check: 'runAsRootAllowed',
      object: 'Deployment qna container qna',
      words: 'Should not run as root',
      counts: true,
    },
  ]);
});

it('reads the warnings and worse of kube-score, with and without a comment', () => {
  const check = (id: string) => ({ id, name: `About ${id}` });
  const summary = 'The pod has a container with a writable root filesystem';
  const scored = [
    {
      type_meta: { kind: 'Deployment' },
      object_meta: { name: 'qna' },
      checks: [
        { check: check('stable-version'), grade: 10, skipped: false, comments: null },
        { check: check('writable-root'), grade: 1, skipped: false, comments: [{ path: 'qna', summary }] },
        { check: check('probes'), grade: 5, skipped: false, comments: null },
        { check: check('ignored'), grade: 1, skipped: true, comments: null },
      ],
    },
  ];
  expect(kubeScore(JSON.stringify(scored))).toEqual([
    { check: 'writable-root', object: 'Deployment qna qna', words: summary, counts: true },
    { check: 'probes', object: 'Deployment qna', words: 'About probes', counts: true },
  ]);
});

it('reads the reports of kube-linter, of which there may be none', () => {
  const service = { K8sObject: { Name: 'qna', GroupVersionKind: { Group: '', Version: 'v1', Kind: 'Service' } } };
  const Reports = [{ Check: 'dangling-service', Diagnostic: { Message: 'no pods found' }, Object: service }];
  expect(kubeLinter(JSON.stringify({ Reports }))).toEqual([
    { check: 'dangling-service', object: 'Service qna', words: 'no pods found', counts: true },
  ]);
  expect(kubeLinter(JSON.stringify({ Reports: null }))).toEqual([]);
});

it('reads what Checkov says of each file', () => {
  const failure = (file_path: string) => ({
    check_id: 'CKV_K8S_43',
    check_name: 'Image should use digest',
    resource: 'Deployment.shop.qna.v2',
    file_path,
  });
  const report = { results: { failed_checks: [failure('/a.yaml')] } };
  const remark = { check: 'CKV_K8S_43', object: 'Deployment qna.v2', words: 'Image should use digest', counts: true };
  expect(checkov(JSON.stringify(report), ['/tmp/a.yaml', '/tmp/b.yaml'])).toEqual(
    new Map([
      ['/tmp/a.yaml', [remark]],
      ['/tmp/b.yaml', []],
    ]),
  );
});

it('tells the version that a recipe pins', () => {
  expect(pinnedVersion('kube-score', 'github.com/zegl/kube-score')).toMatch(/^\d+\.\d+\.\d+$/);
  expect(() => pinnedVersion('kube-score', 'example.test/nothing')).toThrow('no version');
});
