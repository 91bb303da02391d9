import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Gateway, Ingress, IngressClass } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { certificatesRefused } from '../../../kubernetes/edge.ts';
import { orNotApplicable } from '../../verdicts.ts';

/** The controller of kubernetes/ingress-nginx, and not F5's, which calls itself nginx.org/ingress-controller. */
const UNMAINTAINED = 'k8s.io/ingress-nginx';
const DEFAULT_CLASS = 'ingressclass.kubernetes.io/is-default-class';
/** The reason of a controller that took a Gateway and can use none of its listeners. */
const NOT_VALID = 'ListenersNotValid';
const OLD_CLASS = 'kubernetes.io/ingress.class';

export const ingressControllerCheck = defineCheck({
  id: 'ingress/controller',
  title: 'A maintained controller is installed and serves the class in use',
  severity: 'error',
  why: 'An Ingress is a wish. Without a controller that takes its class nothing listens, and the object looks just the same.',
  how: 'The class of each Ingress exists, as a named class or as the default one, names its controller, and the controller has written an address into the Ingress. A Gateway has the conditions Accepted and Programmed; one whose listeners are refused for their certificates alone has a controller, and ingress/certificate tells the rest. ingress-nginx is named as unmaintained: it has had no fixes since 2026-03-24.',
  fix: 'Install a controller for the class, or write the class of one that is installed. Move from ingress-nginx to a maintained controller or to the Gateway API.',
  verify: 'kubectl get ingressclass; kubectl get ingress,gateway -o wide',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class',
    'https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/',
    'https://gateway-api.sigs.k8s.io/concepts/api-overview/',
  ],
  only: ['cluster'],
  needs: ['ingresses', 'ingressClasses', 'gateways'],
  evaluate: ({ ingresses, ingressClasses, gateways }) =>
    orNotApplicable(
      [
        ...ingresses.map((ingress) => judgeIngress(ingress, classOf(ingress, ingressClasses))),
        ...ingressClasses
          .filter((row) => ingresses.some((ingress) => classOf(ingress, ingressClasses) === row))
          .map(judgeClass),
        ...gateways.map(judgeGateway),
      ],
      'There is no Ingress and no Gateway.',
    ),
});

function wantedClass({ object }: Resource<Ingress>): string | undefined {
  return object.spec?.ingressClassName ?? object.metadata?.annotations?.[OLD_CLASS];
}

function classOf(ingress: Resource<Ingress>, classes: readonly Resource<IngressClass>[]) {
  const wanted = wantedClass(ingress);
  return classes.find(({ object: { metadata } }) =>
    wanted === undefined ? metadata?.annotations?.[DEFAULT_CLASS] === 'true' : metadata?.name === wanted,
  );
}

function judgeIngress(ingress: Resource<Ingress>, found: Resource<IngressClass> | undefined): Verdict {
  const { object, ref: subject, locate } = ingress;
  const wanted = wantedClass(ingress);
  const addresses = (object.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  // A controller can take the old annotation without a class object; then its address is the evidence.
  const byAnnotation = object.spec?.ingressClassName === undefined && wanted !== undefined;
  if (found === undefined && !(byAnnotation && addresses.length > 0))
    return {
      outcome: 'fail',
      subject,
      message:
        wanted === undefined
          ? 'The Ingress names no class, and no class is the default one.'
          : `The class ${wanted} does not exist.`,
      where: locate(['spec', 'ingressClassName']),
      observed: wanted === undefined ? 'no ingressClassName' : `ingressClassName ${wanted}, and no such IngressClass`,
      expected: 'an IngressClass that exists',
    };
  const controller = found?.object.spec?.controller;
  if (found !== undefined && (controller ?? '') === '')
    return {
      outcome: 'fail',
      subject,
      message: `${found.ref} names no controller.`,
      where: found.locate(['spec', 'controller']),
      observed: 'no controller',
      expected: 'the name of a controller',
    };
  if (addresses.length === 0)
    return {
      outcome: 'fail',
      subject,
      message: 'No controller has given the Ingress an address.',
      where: locate(['status', 'loadBalancer']),
      observed: `class ${found?.object.metadata?.name ?? wanted}, no address`,
      expected: 'an IP address or a host name in status.loadBalancer.ingress',
    };
  return {
    outcome: 'pass',
    subject,
    message: 'A controller serves the Ingress.',
    where: locate(['status', 'loadBalancer']),
    observed: `${controller ?? `class ${wanted}`} at ${addresses.join(', ')}`,
  };
}

function judgeClass({ object, ref: subject, locate }: Resource<IngressClass>): Verdict {
  const { controller = '' } = object.spec ?? {};
  const where = locate(['spec', 'controller']);
  return controller === UNMAINTAINED
    ? {
        outcome: 'fail',
        severity: 'warning',
        subject,
        message: 'The controller ingress-nginx is unmaintained since 2026-03-24, and gets no security fixes.',
        where,
        observed: `controller ${controller}`,
        expected: 'a maintained controller',
      }
    : {
        outcome: 'pass',
        subject,
        message: 'The controller is not known to be abandoned.',
        where,
        observed: controller,
      };
}

function judgeGateway({ object, ref: subject, locate }: Resource<Gateway>): Verdict {
  const states = ['Accepted', 'Programmed'].map((type) => {
    const condition = (object.status?.conditions ?? []).find((candidate) => candidate.type === type);
    return {
      type,
      holds: condition?.status === 'True',
      shown: `${type} ${condition?.status ?? 'not said'}`,
      condition,
    };
  });
  const broken = states.find(({ holds }) => !holds);
  const where = locate(['status', 'conditions']);
  const shownClass = object.spec?.gatewayClassName === undefined ? [] : [`class ${object.spec.gatewayClassName}`];
  const observed = [...shownClass, ...states.map(({ shown }) => shown)].join(', ');
  if (broken === undefined || refusesCertificatesAlone(object))
    return { outcome: 'pass', subject, message: 'A controller serves the Gateway.', where, observed };
  // The API server writes Unknown into a new Gateway; a controller that takes it writes something else.
  const taken = states.some(({ condition }) => condition !== undefined && condition.status !== 'Unknown');
  const reason = broken.condition?.message ?? broken.condition?.reason;
  return {
    outcome: 'fail',
    subject,
    message: taken ? `The Gateway is not ${broken.type.toLowerCase()}.` : 'No controller has taken the Gateway.',
    where,
    observed: reason === undefined ? observed : `${observed} (${reason})`,
    expected: 'Accepted True, Programmed True',
  };
}

function refusesCertificatesAlone(gateway: Gateway): boolean {
  const conditions = gateway.status?.conditions ?? [];
  const refused = certificatesRefused(gateway).map(({ listener }) => listener);
  const invalid = (gateway.status?.listeners ?? []).filter(({ conditions: own = [] }) =>
    own.some(({ type, status }) => (type === 'Programmed' || type === 'Accepted') && status !== 'True'),
  );
  return (
    invalid.length > 0 &&
    invalid.every(({ name = '' }) => refused.includes(name)) &&
    conditions.some(({ type, status, reason }) => type === 'Accepted' && (status === 'True' || reason === NOT_VALID))
  );
}
