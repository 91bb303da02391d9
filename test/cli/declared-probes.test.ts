import { expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { httpServer } from '../sources/endpoint-servers.ts';
import { DEPLOYMENT, SERVICE } from './manifests.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const PROBED = DEPLOYMENT.replace(
  '          image:',
  `          livenessProbe:
            httpGet: { path: /health/live, port: http }
            periodSeconds: 7
            timeoutSeconds: 2
            failureThreshold: 4
          image:`,
);

it('a service beside its manifests is judged by the probes that they declare', async () => {
  await using server = await httpServer((_, response) => response.writeHead(503).end());
  const cwd = temporaryFolder({ 'k8s/all.yaml': `${PROBED}---\n${SERVICE}` });
  const only = ['2.1', '2.2', '2.3'].flatMap((item) => ['--only', item]);
  const { stdout } = await runCli(['checklist', 'k8s', '--url', server.url, ...only, '--report', 'json'], { cwd });
  const told = (JSON.parse(stdout) as Report).findings.map(({ message }) => message).join('\n');
  expect(told).toContain(
    'with a period of 7 s, a threshold of 4 and a timeout of 2 s, as Deployment qna declares, a pod that answers so is restarted after about 28 s',
  );
  // It declares no readiness probe, so what is usual holds.
  expect(told).toContain(
    'with a period of 10 s, a threshold of 3 and a timeout of 1 s, a pod that answers so is taken out of its Services after about 30 s',
  );
});
