import type { Section } from '../core/checklist.ts';

/** What the seed does not ask and production does. */
export const FURTHER_SECTIONS: readonly Section[] = [
  {
    id: '6',
    title: '6 Resilience',
    items: [
      {
        id: '6.1',
        name: 'resources',
        title: 'Every container says what it needs and how much it may take.',
        provenBy: {
          files: ['resources/requests-and-limits'],
          cluster: ['resources/requests-and-limits', 'resources/out-of-memory'],
        },
      },
      {
        id: '6.2',
        name: 'replicas',
        title: 'The service survives the loss of a pod, a node drain and a rollout.',
        provenBy: {
          files: [
            'rollout/replicas',
            'rollout/strategy',
            'disruption/budget',
            'placement/spread',
            'autoscaling/target',
          ],
          cluster: [
            'rollout/replicas',
            'rollout/strategy',
            'rollout/observed',
            'disruption/budget',
            'placement/spread',
            'placement/observed',
            'autoscaling/target',
            'autoscaling/observed',
          ],
        },
      },
      {
        id: '6.3',
        name: 'graceful-shutdown',
        title: 'A pod that is told to stop finishes the answers that it has begun.',
        provenBy: {
          ...both('lifecycle/grace', 'database/shutdown'),
          endpoint: [
            'lifecycle/drain-order',
            'lifecycle/drain-requests',
            'lifecycle/drain-connections',
            'lifecycle/drain-liveness',
            'lifecycle/drain-exit',
          ],
        },
      },
      {
        id: '6.4',
        name: 'jobs',
        title: 'Every job ends, and does not run beside itself where that harms.',
        provenBy: both('job/deadline'),
      },
      {
        id: '6.5',
        name: 'under-load',
        title: 'The service answers in time and without errors at the rate that it is asked to bear.',
        provenBy: { endpoint: ['load/errors', 'load/latency'] },
      },
    ],
  },
  {
    id: '7',
    title: '7 Security',
    items: [
      {
        id: '7.1',
        name: 'pod-security',
        title: "Every pod meets the Pod Security Standard 'restricted'.",
        provenBy: {
          files: ['pod-security/restricted', 'pod-security/read-only-root'],
          cluster: ['pod-security/restricted', 'pod-security/read-only-root', 'pod-security/namespace'],
        },
      },
      {
        id: '7.2',
        name: 'identity',
        title: 'Each workload has an identity of its own and no token that it does not use.',
        provenBy: both('identity/service-account', 'identity/rbac'),
      },
      {
        id: '7.3',
        name: 'network-policy',
        title: 'Pods speak with whom they must, and with nobody else.',
        provenBy: both('network/policy', 'network/egress', 'network/database'),
      },
      {
        id: '7.4',
        name: 'image-provenance',
        title: 'The image that was tested is the image that runs.',
        provenBy: {
          files: ['image/pinned', 'image/pull-policy', 'image/registry'],
          cluster: ['image/pinned', 'image/pull-policy', 'image/registry', 'image/running'],
        },
      },
      {
        id: '7.5',
        name: 'http-answers',
        title: 'Answers say what they are, in one form, and give nothing to scripts of other sites.',
        provenBy: {
          endpoint: [
            'http/errors',
            'http/headers',
            'http/compression',
            'http/version',
            'http/cookies',
            'http/cross-origin',
          ],
        },
      },
      {
        id: '7.6',
        name: 'callers',
        title: 'Only those who may ask are answered, and nobody can send without end.',
        provenBy: { endpoint: ['http/authentication', 'http/limits'] },
      },
    ],
  },
  {
    id: '8',
    title: '8 Objects',
    items: [
      {
        id: '8.1',
        name: 'accepted',
        title: 'The API server accepts the objects as they are written.',
        provenBy: {
          files: [
            'schema/valid',
            'schema/semantics',
            'schema/string-values',
            'schema/deprecated-api',
            'schema/names',
            'schema/written-once',
          ],
          cluster: ['schema/deprecated-api'],
        },
      },
      {
        id: '8.2',
        name: 'references',
        title: 'What an object names or selects exists.',
        provenBy: both('reference/dangling'),
      },
    ],
  },
  {
    id: '9',
    title: '9 The LLM',
    items: [
      {
        id: '9.1',
        name: 'llm-deadline',
        title: 'Every call to the provider has a deadline, and a provider outage degrades answers instead of replicas.',
        provenBy: {},
        manual: 'Stop the provider in staging: do answers degrade within the deadline while the pods stay Ready?',
      },
      {
        id: '9.2',
        name: 'llm-budget',
        title: 'Tokens and cost have a limit that somebody watches.',
        provenBy: {},
        manual: "Where is the limit of the provider's spending set, and who is told when it is near?",
      },
      {
        id: '9.3',
        name: 'llm-limits',
        title: 'Calls to the model end in time and cost a bounded amount, and no probe depends on the provider.',
        provenBy: both('llm/deadline', 'llm/streaming', 'llm/budget', 'llm/readiness'),
      },
      {
        id: '9.4',
        name: 'llm-accelerators',
        title: 'A model that runs in the cluster gets its accelerators.',
        provenBy: both('llm/gpu'),
      },
      {
        id: '9.5',
        name: 'llm-answers',
        title: 'Answers are streamed, end with their reader and count their tokens.',
        provenBy: { endpoint: ['llm/streams', 'llm/cancels', 'llm/token-metrics'] },
      },
      {
        id: '9.6',
        name: 'llm-failures',
        title: 'A provider that hangs or fails costs a caller no more than the deadline, and is not heard outside.',
        provenBy: { endpoint: ['llm/answer-deadline', 'llm/error-leak'] },
      },
    ],
  },
  {
    id: '10',
    title: '10 Operations',
    items: [
      {
        id: '10.1',
        name: 'alerts',
        title: 'Somebody is told when the service fails its users.',
        provenBy: both('operations/alerts'),
      },
      {
        id: '10.2',
        name: 'runbook',
        title: 'Whoever is told finds what to do.',
        provenBy: { files: ['operations/runbook'], cluster: ['operations/alert-links'] },
      },
      {
        id: '10.3',
        name: 'dashboard',
        title: 'Whoever looks sees how the service fares.',
        provenBy: { files: ['operations/dashboard'], cluster: ['operations/dashboard-loaded'] },
      },
      {
        id: '10.4',
        name: 'as-declared',
        title: 'What runs is what the files say.',
        provenBy: { cluster: ['drift/as-declared'] },
      },
    ],
  },
];

function both(...checks: readonly string[]): Section['items'][number]['provenBy'] {
  return { files: checks, cluster: checks };
}
