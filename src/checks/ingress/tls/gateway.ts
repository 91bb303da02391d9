import type { Verdict } from '../../../core/check.ts';
import type { Gateway, HTTPRoute } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { routesOf } from '../../../kubernetes/edge.ts';

export function judgeGateway(gateway: Resource<Gateway>, routes: readonly Resource<HTTPRoute>[]): readonly Verdict[] {
  const { object, ref, locate } = gateway;
  const listeners = object.spec?.listeners ?? [];
  if (!listeners.some(({ protocol }) => protocol === 'HTTPS' || protocol === 'TLS'))
    return [
      {
        outcome: 'fail',
        subject: ref,
        message: 'No listener of the Gateway terminates TLS.',
        where: locate(['spec', 'listeners']),
        observed: listeners.map(({ protocol, port }) => `${protocol} on ${port}`).join(', ') || 'no listeners',
        expected: 'a listener with protocol HTTPS and a certificateRef',
      },
    ];
  return listeners.flatMap(({ name, protocol, port, tls }, index): readonly Verdict[] => {
    const subject = `${ref} listener ${name ?? `#${index}`}`;
    const path = ['spec', 'listeners', index];
    if (protocol === 'HTTP') {
      const open = routesOf(object, name, routes).filter((route) => !redirects(route));
      return open.map((route) => ({
        outcome: 'fail',
        severity: 'warning',
        subject,
        message: `${route.ref} is served in plain text.`,
        where: route.locate(['spec', 'parentRefs']),
        observed: `attached to listener ${name} (HTTP on ${port}) without a redirect`,
        expected: 'a sectionName of the HTTPS listener, and a route that redirects on the other',
      }));
    }
    if (protocol !== 'HTTPS' && protocol !== 'TLS') return [];
    const certificates = (tls?.certificateRefs ?? []).map((certificate) => certificate.name ?? '');
    if (certificates.length > 0 || (protocol === 'TLS' && tls?.mode === 'Passthrough'))
      return [
        {
          outcome: 'pass',
          subject,
          message: 'The listener speaks TLS.',
          where: locate(path),
          observed: certificates.length > 0 ? `Secret ${certificates.join(', ')}` : 'mode Passthrough',
        },
      ];
    return [
      {
        outcome: 'fail',
        subject,
        message: 'The listener has no certificate to terminate TLS with.',
        where: locate([...path, 'tls']),
        observed: 'no certificateRefs',
        expected: 'a certificateRef to a kubernetes.io/tls Secret',
      },
    ];
  });
}

function redirects({ object }: Resource<HTTPRoute>): boolean {
  const rules = object.spec?.rules ?? [];
  return (
    rules.length > 0 && rules.every(({ filters }) => (filters ?? []).some(({ type }) => type === 'RequestRedirect'))
  );
}

export function isAttached(route: Resource<HTTPRoute>, gateways: readonly Resource<Gateway>[]): boolean {
  return gateways.some(({ object }) => {
    const names = [undefined, ...(object.spec?.listeners ?? []).map(({ name }) => name)];
    return names.some((name) => routesOf(object, name, [route]).length > 0);
  });
}

export function judgeStray({ ref, object, locate }: Resource<HTTPRoute>): Verdict {
  const parents = (object.spec?.parentRefs ?? []).map(({ name }) => name ?? '').join(', ');
  return {
    outcome: 'unknown',
    subject: ref,
    message: `Whether TLS is terminated is up to ${parents === '' ? 'a parent that the route does not name' : `Gateway ${parents}`}, which is not among the input.`,
    where: locate(['spec', 'parentRefs']),
  };
}
