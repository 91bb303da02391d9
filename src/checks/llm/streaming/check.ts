import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { HTTPRoute, Ingress } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { linksOf } from '../../../kubernetes/references/backends.ts';
import { servicesBefore } from '../../../kubernetes/service-ports.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { CALLER_FACTS, callersOf } from '../callers.ts';
import { proxyOf } from './proxies.ts';

export const llmStreamingCheck = defineCheck({
  id: 'llm/streaming',
  title: 'The edge waits for the longest answer, and passes it on as it comes',
  severity: 'warning',
  why: 'A language model takes longer than most proxies wait. Where the proxy gives up first the user sees a 504 and the provider is paid all the same; where it collects the answer before it passes it on, a stream arrives as one block.',
  how: 'For each Ingress and HTTPRoute that leads to a service with settings of a provider, the time that the controller waits for the backend, from its annotation or its default (ingress-nginx 60 s, NGINX Inc. 60 s, HAProxy 50 s, AWS 60 s, Application Gateway 30 s; Traefik does not end an answer), is at least longestAnswerSeconds of the configuration, and so are the timeouts of a route; buffering is off. The controller is told by its annotations, else by the name of its class; what another one does is unknown. GKE waits 30 s unless a BackendConfig says more; that is not read, and so the check does not apply there.',
  fix: 'Set the read timeout of the controller above the longest answer, and turn its buffering off.',
  verify: 'Ask for a long answer through the edge with curl -N, and see that the words come one by one.',
  references: [
    'https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#custom-timeouts',
    'https://gateway-api.sigs.k8s.io/guides/http-timeouts/',
    'https://developer.mozilla.org/en-US/docs/Web/API/Server-sent_events/Using_server-sent_events',
  ],
  needs: [...CALLER_FACTS, 'ingresses', 'httpRoutes'],
  evaluate: (facts, settings) => {
    const fronts = new Set(
      callersOf(facts, settings).flatMap(({ workload }) =>
        servicesBefore(workload, facts.services).map(({ object }) => object.metadata?.name),
      ),
    );
    const edges = new Set(
      linksOf(facts)
        .filter(({ name }) => fronts.has(name))
        .map(({ resource }) => resource),
    );
    return orNotApplicable(
      [...edges].flatMap((edge) =>
        edge.object.kind === 'Ingress'
          ? [judgeIngress(edge as Resource<Ingress>, settings.longestAnswerSeconds)]
          : judgeRoute(edge as Resource<HTTPRoute>, settings.longestAnswerSeconds),
      ),
      'No Ingress or HTTPRoute leads to a service with settings of a language model.',
    );
  },
});

function judgeIngress({ object, ref: subject, locate }: Resource<Ingress>, longest: number): Verdict {
  const { annotations = {} } = object.metadata ?? {};
  const ingressClass = object.spec?.ingressClassName ?? annotations['kubernetes.io/ingress.class'];
  const proxy = proxyOf(ingressClass, annotations);
  if (proxy === undefined)
    return {
      outcome: 'unknown',
      severity: 'note',
      subject,
      message: 'How long this controller waits for an answer is not known here.',
      where: locate(['spec', 'ingressClassName']),
      observed: `class ${ingressClass ?? 'not written'}`,
    };
  const { name, waitSeconds, waitAnnotation, buffers, bufferAnnotation, isElsewhere, said } = proxy;
  if (isElsewhere)
    return {
      outcome: 'not-applicable',
      subject,
      message: `${name} waits ${waitSeconds} s unless a BackendConfig says more, which is not read here.`,
    };
  const where = (annotation?: string) =>
    locate(['metadata', 'annotations', ...(annotation === undefined ? [] : [annotation])]);
  if (buffers)
    return {
      outcome: 'fail',
      subject,
      message: `${name} collects an answer before it passes it on.`,
      where: where(bufferAnnotation),
      observed: said,
      expected: `${bufferAnnotation} off`,
    };
  if (waitSeconds < longest)
    return {
      outcome: 'fail',
      subject,
      message: `${name} gives up before the longest answer is there.`,
      where: where(waitAnnotation),
      observed: said,
      expected: `at least ${longest} s`,
    };
  return {
    outcome: 'pass',
    subject,
    message: 'The edge waits for the longest answer.',
    where: where(waitAnnotation),
    observed: said,
  };
}

function judgeRoute({ object, ref: subject, locate }: Resource<HTTPRoute>, longest: number): readonly Verdict[] {
  const faults = (object.spec?.rules ?? []).flatMap(({ timeouts = {} }, index) =>
    (['request', 'backendRequest'] as const).flatMap((field): readonly Verdict[] => {
      const seconds = secondsOf(timeouts[field]);
      // Zero turns the timeout off.
      if (seconds === undefined || seconds === 0 || seconds >= longest) return [];
      return [
        {
          outcome: 'fail',
          subject,
          message: 'The route gives up before the longest answer is there.',
          where: locate(['spec', 'rules', index, 'timeouts', field]),
          observed: `timeouts.${field} ${timeouts[field]}`,
          expected: `at least ${longest} s`,
        },
      ];
    }),
  );
  if (faults.length > 0) return faults;
  return [
    { outcome: 'pass', subject, message: 'The route waits for the longest answer.', where: locate(['spec', 'rules']) },
  ];
}

/** A duration as the Gateway API writes it: `1h30m`, `75s`, `500ms`. */
function secondsOf(duration: string | undefined): number | undefined {
  const units = { h: 3600, m: 60, s: 1, ms: 0.001 } as const;
  const parts = [...(duration ?? '').matchAll(/(\d+)(ms|h|m|s)/g)];
  if (parts.length === 0) return undefined;
  return parts.reduce((sum, [, digits, unit]) => sum + Number(digits) * units[unit as keyof typeof units], 0);
}
