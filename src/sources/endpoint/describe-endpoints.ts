import type { ChosenEndpoint } from '../../core/facts.ts';
import { maskSecrets } from '../../core/secret-text.ts';
import type { EndpointView } from './endpoint-fact.ts';
import type { FoundEndpoint } from './find-endpoint.ts';

/** Which paths the verdicts are about, and why: a person who knows better names others. */
export function describeEndpoints({
  options,
  live,
  ready,
  metrics,
}: Pick<EndpointView, 'options' | 'live' | 'ready' | 'metrics'>): readonly ChosenEndpoint[] {
  const { paths, metricsUrl, ask } = options;
  return [
    ...describe('liveness', live, paths.live),
    ...describe('readiness', ready, paths.ready),
    ...(metricsUrl === undefined
      ? describe('metrics', metrics, paths.metrics)
      : metrics === undefined
        ? []
        : [
            {
              role: 'metrics' as const,
              subject: metrics.exchange.request.slice('GET '.length),
              why: 'the URL that was given',
            },
          ]),
    ...(ask === undefined
      ? []
      : [
          {
            role: 'question' as const,
            subject: [ask.method, ask.path, ...(ask.body === undefined ? [] : [maskSecrets(ask.body)])].join(' '),
            why:
              ask.guessed === true
                ? 'the path that was given, with a body that services of questions often take'
                : 'as it was given',
          },
        ]),
  ];
}

function describe(
  role: ChosenEndpoint['role'],
  found: FoundEndpoint | undefined,
  declared: string,
): readonly ChosenEndpoint[] {
  if (found === undefined) return [];
  const { path, passedOver } = found;
  if (path !== declared) {
    const status = passedOver.find((each) => each.path === declared)?.status;
    return [
      {
        role,
        subject: path,
        why: `the declared ${declared} ${status === undefined || isAnswer(status) ? 'is a web page' : `answered ${status}`}`,
      },
    ];
  }
  return [
    {
      role,
      subject: path,
      why: passedOver.length === 0 ? 'as declared' : 'as declared, since none of the common paths exists either',
    },
  ];
}

function isAnswer(status: number): boolean {
  return status < 400;
}
