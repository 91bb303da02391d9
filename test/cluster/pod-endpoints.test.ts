import { describe, expect, it } from 'vitest';
import type { Report, ReportFinding } from '../../src/core/report.ts';
import { runCli } from '../cli/run-cli.ts';
import { IMAGES } from './images/basic-images.ts';
import { useCluster } from './use-cluster.ts';

const cluster = useCluster();

describe.skipIf(cluster === undefined || cluster.facts.tier === 'given')('audit of what pods answer', () => {
  if (cluster === undefined) return;

  it('takes the refusal of the API server for no answer of the pod', async () => {
    if (cluster.facts.tier === 'node') return;
    const namespace = await cluster.createNamespace();
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'qna', labels: { app: 'qna' } }, spec: WEB_SPEC };
    await cluster.apply(
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [pod, SERVICE] }),
      `--namespace=${namespace}`,
    );
    // No kubelet says so in this tier. The API server asks no address of its own machine.
    const status = {
      phase: 'Running',
      podIP: '127.0.0.1',
      podIPs: [{ ip: '127.0.0.1' }],
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [
        {
          name: 'web',
          ready: true,
          started: true,
          restartCount: 0,
          image: 'web:1',
          imageID: '',
          state: { running: {} },
        },
      ],
    };
    const patch = JSON.stringify({ status });
    await cluster.kubectl(
      'patch',
      'pod/qna',
      '--subresource=status',
      '--type=merge',
      `--patch=${patch}`,
      `--namespace=${namespace}`,
    );
    const findings = await judge(namespace, '--only', 'health/in-cluster', '--only', 'metrics/in-cluster');
    expect(findings.map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown']);
    expect(findings.map(({ message }) => message).join('\n')).toMatch(/address not allowed/);
  });

  it('names the replica that answers otherwise than its probe was told, and passes the others', async () => {
    if (cluster.facts.tier !== 'node') return;
    const namespace = await cluster.createNamespace();
    const items = [SERVICE, PROGRAM, REPLICAS];
    await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), `--namespace=${namespace}`);
    await cluster.kubectl('rollout', 'status', 'statefulset/qna', '--timeout=120s', `--namespace=${namespace}`);
    const findings = await judge(namespace, '--only', 'health/in-cluster', '--only', 'metrics/in-cluster');
    const told = findings.map(({ check, outcome, subject, message }) => `${outcome} ${check} ${subject}: ${message}`);
    expect(told.toSorted()).toEqual([
      `fail health/in-cluster Pod ${namespace}/qna-1 readiness: The readiness endpoint answers 503.`,
      expect.stringMatching(`fail metrics/in-cluster Pod ${namespace}/qna-1 metrics page line 3: `),
      `pass health/in-cluster StatefulSet ${namespace}/qna liveness: 2 pods answer as the kubelet expects.`,
      `pass health/in-cluster StatefulSet ${namespace}/qna readiness: One pod answers as the kubelet expects.`,
      `pass metrics/in-cluster Pod ${namespace}/qna-0: Prometheus takes the page of the pod.`,
    ]);
  }, 240_000);

  it('is a probe of one pod too, over a port that the API server forwards', async () => {
    if (cluster.facts.tier !== 'node') return;
    const namespace = await cluster.createNamespace();
    const items = [SERVICE, PROGRAM, REPLICAS];
    await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), `--namespace=${namespace}`);
    await cluster.kubectl('rollout', 'status', 'statefulset/qna', '--timeout=120s', `--namespace=${namespace}`);
    const paths = ['--live-path=/live', '--ready-path=/cgi-bin/ready', '--metrics-path=/metrics.prom'];
    const probe = (pod: string, user = 'admin') => {
      const kubeconfig = cluster.kubeconfigFor(user, namespace);
      return runCli(['probe', '--pod', pod, '--kubeconfig', kubeconfig, '--report', 'json', ...paths]);
    };

    const { stdout, stderr } = await probe('qna-1');
    expect(stderr).toBe('');
    const { sources, findings } = JSON.parse(stdout) as Report;
    expect(stdout).not.toContain('127.0.0.1');
    expect(sources.map(({ target }) => target)).toEqual([`http://${namespace}/qna-1:8080`]);
    const told = findings.map(({ check, outcome, observed }) => `${outcome} ${check}: ${observed ?? ''}`).join('\n');
    expect(told).toMatch(/^fail health\/ready: status 503/m);
    expect(told).toMatch(/^pass health\/live: /m);

    const closed = await probe('qna-1:9');
    expect(closed.exitCode).not.toBe(0);
    expect(closed.stderr).toMatch(`http://${namespace}/qna-1:9 could not be reached by its node: `);
    expect(closed.stderr).toContain('refused');
    expect((await probe('qna-7')).stderr).toContain(`The pod ${namespace}/qna-7 cannot be reached: `);
    const mayGet = ['create', 'role', 'pods', '--verb=get', '--resource=pods', `--namespace=${namespace}`];
    await cluster.kubectl(...mayGet);
    await cluster.kubectl('create', 'rolebinding', 'pods', '--role=pods', '--user=auditor', `--namespace=${namespace}`);
    const refused = await probe('qna-1', 'auditor');
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toContain('It takes the right to create pods/portforward in the namespace.');
  }, 240_000);

  async function judge(namespace: string, ...args: readonly string[]): Promise<readonly ReportFinding[]> {
    const kubeconfig = cluster?.kubeconfigFor('admin', namespace) ?? '';
    const { stdout } = await runCli(['audit', '--kubeconfig', kubeconfig, '--report', 'json', ...args]);
    return (JSON.parse(stdout) as Report).findings;
  }
});

const labels = { app: 'qna' };

const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'qna' },
  spec: { selector: labels, ports: [{ name: 'web', port: 80, targetPort: 'web' }] },
};

/** The second replica lies to everybody but the kubelet, and writes half of its page with a hammer. */
const PROGRAM = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'program' },
  data: {
    start: `set -e
mkdir -p /tmp/www/cgi-bin
echo ok > /tmp/www/live
echo '.prom:text/plain' > /tmp/httpd.conf
value=1
case $HOSTNAME in *-1) value=one ;; esac
printf '# HELP pages_kept Pages.\\n# TYPE pages_kept gauge\\npages_kept %s\\n' $value > /tmp/www/metrics.prom
cat > /tmp/www/cgi-bin/ready <<'CGI'
#!/bin/sh
case $HOSTNAME$HTTP_USER_AGENT in
  *-1kube-probe*) printf 'Content-Type: text/plain\\r\\n\\r\\nok' ;;
  *-1*) printf 'Status: 503 Service Unavailable\\r\\nContent-Type: text/plain\\r\\n\\r\\nno' ;;
  *) printf 'Content-Type: text/plain\\r\\n\\r\\nok' ;;
esac
CGI
chmod +x /tmp/www/cgi-bin/ready
exec httpd -f -p 8080 -h /tmp/www -c /tmp/httpd.conf
`,
  },
};

const WEB_SPEC = {
  terminationGracePeriodSeconds: 1,
  volumes: [{ name: 'program', configMap: { name: 'program' } }],
  containers: [
    {
      name: 'web',
      image: IMAGES.busybox,
      command: ['sh', '/program/start'],
      ports: [{ name: 'web', containerPort: 8080 }],
      volumeMounts: [{ name: 'program', mountPath: '/program' }],
      livenessProbe: { httpGet: { path: '/live', port: 'web' } },
      readinessProbe: { httpGet: { path: '/cgi-bin/ready', port: 'web' }, periodSeconds: 1 },
    },
  ],
};

const REPLICAS = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'qna' },
  spec: {
    replicas: 2,
    serviceName: 'qna',
    podManagementPolicy: 'Parallel',
    selector: { matchLabels: labels },
    template: {
      metadata: {
        labels,
        annotations: {
          'prometheus.io/scrape': 'true',
          'prometheus.io/port': '8080',
          'prometheus.io/path': '/metrics.prom',
        },
      },
      spec: WEB_SPEC,
    },
  },
};
