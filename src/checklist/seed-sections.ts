import type { Section } from '../core/checklist.ts';

/** The items that the review began with. Their ids stand in signed checklists and pipelines, and never change. */
export const SEED_SECTIONS: readonly Section[] = [
  {
    id: '1',
    title: '1 Secrets and configuration',
    items: [
      {
        id: '1.1',
        name: 'secret-manifest',
        title: 'Sensitive values live in a Secret that is kept out of source control, and nowhere else.',
        provenBy: {
          files: [
            'secrets/credential-in-env',
            'secrets/credential-in-configmap',
            'secrets/credential-in-image',
            'secrets/committed-secret',
          ],
          cluster: ['secrets/credential-in-env', 'secrets/credential-in-configmap'],
        },
      },
      {
        id: '1.2',
        name: 'secret-env',
        title: 'The workloads take them from the Secret, and each referenced Secret and key exists.',
        provenBy: {
          files: ['secrets/reference-resolves', 'secrets/required-keys'],
          cluster: ['secrets/reference-resolves', 'secrets/required-keys', 'secrets/filled-values', 'secrets/expiring'],
        },
      },
      {
        id: '1.3',
        name: 'config-from-env',
        title: 'The service reads its settings from the environment, and every setting that it is given exists.',
        provenBy: {
          files: ['config/reference-resolves', 'config/restart-on-change'],
          cluster: ['config/reference-resolves', 'config/starts-from-env'],
        },
      },
    ],
  },
  {
    id: '2',
    title: '2 Lifecycle',
    items: [
      {
        id: '2.1',
        name: 'liveness-endpoint',
        title: 'The liveness endpoint answers 200 while the process runs, whatever its dependencies do.',
        provenBy: {
          cluster: ['probes/observed', 'health/in-cluster'],
          endpoint: ['health/live', 'health/live-independent', 'health/outage-liveness', 'health/leak'],
        },
      },
      {
        id: '2.2',
        name: 'readiness-endpoint',
        title: 'The readiness endpoint checks the database quickly, and answers 200 only when traffic can be taken.',
        provenBy: {
          cluster: ['probes/observed', 'health/in-cluster'],
          endpoint: ['health/ready', 'health/ready-dependencies', 'health/outage-readiness', 'health/leak'],
        },
      },
      {
        id: '2.3',
        name: 'deployment-probes',
        title: 'The probes point at those endpoints, with budgets that make sense.',
        provenBy: {
          files: [
            'probes/readiness-probe',
            'probes/liveness-probe',
            'probes/startup-probe',
            'probes/distinct',
            'probes/port-and-path',
            'probes/budget',
          ],
          cluster: [
            'probes/readiness-probe',
            'probes/liveness-probe',
            'probes/startup-probe',
            'probes/distinct',
            'probes/port-and-path',
            'probes/budget',
          ],
        },
      },
    ],
  },
  {
    id: '3',
    title: '3 Visibility',
    items: [
      {
        id: '3.1',
        name: 'structured-logging',
        title: 'Every line on stdout is one JSON object with time, level and message, and no secret is in it.',
        provenBy: {
          cluster: [
            'logs/structured',
            'logs/secret-free',
            'logs/correlated',
            'logs/levels',
            'logs/fields',
            'logs/line-size',
          ],
          endpoint: [
            'logs/structured',
            'logs/secret-free',
            'logs/correlated',
            'logs/levels',
            'logs/fields',
            'logs/line-size',
          ],
        },
      },
      {
        id: '3.2',
        name: 'metrics-endpoint',
        title: 'The metrics endpoint answers in a format that Prometheus accepts, and something scrapes it.',
        provenBy: {
          files: ['metrics/scraped'],
          cluster: ['metrics/scraped', 'metrics/in-cluster'],
          endpoint: ['metrics/scrape', 'metrics/format', 'metrics/naming', 'metrics/concurrent'],
        },
      },
      {
        id: '3.3',
        name: 'key-metrics',
        title:
          'Requests, errors, LLM latency and tool calls are measured, and the measures move when requests are made.',
        provenBy: {
          endpoint: [
            'metrics/request-kpi',
            'metrics/error-kpi',
            'metrics/llm-kpi',
            'metrics/tool-kpi',
            'metrics/moves',
            'metrics/cardinality',
            'metrics/latency-agrees',
          ],
        },
      },
    ],
  },
  {
    id: '4',
    title: '4 Data',
    items: [
      {
        id: '4.1',
        name: 'pvc',
        title: 'A PersistentVolumeClaim asks for the storage; in the cluster it is Bound and has room left.',
        provenBy: {
          files: ['storage/claim'],
          cluster: ['storage/claim', 'storage/bound', 'storage/used'],
        },
      },
      {
        id: '4.2',
        name: 'postgres-statefulset',
        title: 'The database is a StatefulSet that mounts that claim where its version keeps its data.',
        provenBy: {
          files: [
            'database/statefulset',
            'storage/mounted',
            'storage/shared-writer',
            'storage/retention',
            'database/headless-service',
            'database/probes',
            'database/exposed',
          ],
          cluster: [
            'database/statefulset',
            'storage/mounted',
            'storage/shared-writer',
            'storage/retention',
            'storage/reclaim-policy',
            'database/headless-service',
            'database/probes',
            'database/exposed',
          ],
        },
      },
      {
        id: '4.3',
        name: 'backup-restore',
        title: 'Backup and restore are documented, scheduled and recent, and a restore has been proven.',
        provenBy: {
          files: ['backup/scheduled', 'backup/documented'],
          cluster: ['backup/scheduled', 'backup/fresh', 'backup/restore-proven'],
        },
      },
    ],
  },
  {
    id: '5',
    title: '5 Edge and ports',
    items: [
      {
        id: '5.1',
        name: 'ingress-controller',
        title: 'A maintained controller is installed and serves the class in use.',
        provenBy: { cluster: ['ingress/controller'] },
      },
      {
        id: '5.2',
        name: 'ingress-tls',
        title: 'The edge terminates TLS for every host with a valid certificate, and routes to the ClusterIP Service.',
        provenBy: {
          files: ['ingress/tls', 'ingress/certificate-source', 'ingress/backend', 'service/selects-pods'],
          cluster: [
            'ingress/tls',
            'ingress/certificate',
            'ingress/issuer',
            'ingress/backend',
            'service/selects-pods',
            'service/endpoints',
            'ingress/handshake',
            'ingress/chain',
            'ingress/ciphers',
          ],
          endpoint: ['ingress/handshake', 'ingress/chain', 'ingress/ciphers'],
        },
      },
      {
        id: '5.3',
        name: 'port-config',
        title: 'One port setting, PORT, is the same in the environment, the image and every manifest.',
        provenBy: {
          files: ['port/single-source', 'port/exposed', 'port/not-terminating-tls', 'service/target-port'],
          cluster: ['port/single-source', 'port/not-terminating-tls', 'service/target-port'],
        },
      },
    ],
  },
];
