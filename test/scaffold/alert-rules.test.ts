import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completeAnswers } from '../../src/scaffold/answers.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { findPromtool } from '../prometheus/find-promtool.ts';
import { COMBINATIONS } from './combinations.ts';
import { installed, type Plain, readYaml } from './scaffolded.ts';

const databases = ['statefulset', 'cnpg', 'external'].map((database) => ({
  database,
  name: 'team-qna',
  namespace: 'ai',
}));

const PROMTOOL = await findPromtool();

describe('the alerts', () => {
  it.skipIf(PROMTOOL === undefined)(
    'are rules that Prometheus takes, and fire when they should',
    () => {
      for (const given of [...databases, { certificate: 'secret', backup: 's3', database: 'external' }]) {
        const root = temporaryFolder(installed(completeAnswers(given)));
        for (const args of [
          ['check', 'rules', 'monitoring/rules.yaml'],
          ['test', 'rules', 'monitoring/rules.test.yaml'],
        ]) {
          const { status, stdout, stderr } = spawnSync(PROMTOOL ?? '', args, { cwd: root, encoding: 'utf8' });
          expect(`${stdout}${stderr}`).toMatch(/SUCCESS/);
          expect(status).toBe(0);
        }
      }
    },
    60_000,
  );

  it('each have a section of the runbook, and are the same in every file that holds them', () => {
    for (const given of COMBINATIONS) {
      const files = installed(completeAnswers(given));
      const [rules] = readYaml(files['monitoring/rules.yaml'] ?? '');
      const embedded = files['k8s/monitoring/prometheusrule.yaml'];
      const [other] = readYaml(embedded ?? files['k8s/monitoring/rules.yaml'] ?? '');
      expect(embedded === undefined ? readYaml(other.data['rules.yaml'])[0] : other.spec).toEqual(rules);
      for (const { alert, annotations } of rules.groups.flatMap((group: Plain) => group.rules)) {
        expect(files['docs/RUNBOOK.md']).toContain(`\n## ${alert}\n`);
        expect(annotations.runbook).toBe(`docs/RUNBOOK.md, ${alert}`);
      }
    }
  });

  it('are drawn on a dashboard that is the same in the cluster', () => {
    const files = installed(completeAnswers({ monitoring: 'operator' }));
    const [map] = readYaml(files[join('k8s/monitoring/dashboard.yaml')] ?? '');
    expect(JSON.parse(map.data['dashboard.json'])).toEqual(JSON.parse(files['monitoring/dashboard.json'] ?? ''));
  });
});
