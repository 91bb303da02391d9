import { at, type Faults, type Field, isSet, itemsOf, missing, numberOf, refuse, textOf, unlessFine } from './field.ts';
import { faultOfDnsLabel, faultOfHost, faultOfPort, faultOfSubdomain } from './text-rules.ts';

/** IsDomainPrefixedPath. */
const CONTROLLER_PATH = /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;
/** invalidPathSequences and invalidPathSuffixes. */
const REFUSED_IN_PATHS = ['//', '/./', '/../', '%2f', '%2F'];
const REFUSED_AT_THE_END = ['/..', '/.'];

/** k8s.io/kubernetes/pkg/apis/networking/validation, ValidateIngressSpec. */
export function* ingressFaults(spec: Field): Faults {
  const [rules, fallback] = [itemsOf(at(spec, 'rules')), at(spec, 'defaultBackend')];
  if (rules.length === 0 && !isSet(fallback))
    yield refuse(spec, 'there is neither a rule nor a defaultBackend', 'one of the two');
  if (isSet(fallback)) yield* backendFaults(fallback);
  for (const rule of rules) {
    const host = at(rule, 'host');
    if (textOf(host) !== '') yield* unlessFine(host, faultOfHost(textOf(host)), 'a DNS name without a port');
    if (!isSet(at(rule, 'http'))) continue;
    const paths = at(rule, 'http', 'paths');
    if (itemsOf(paths).length === 0) yield missing(paths, 'one path or more');
    for (const path of itemsOf(paths)) yield* pathFaults(path);
  }
  for (const tls of itemsOf(at(spec, 'tls'))) {
    for (const host of itemsOf(at(tls, 'hosts'))) yield* unlessFine(host, faultOfHost(textOf(host)), 'a DNS name');
    const secret = at(tls, 'secretName');
    if (textOf(secret) !== '') yield* unlessFine(secret, faultOfSubdomain(textOf(secret)), 'the name of a Secret');
  }
  const name = at(spec, 'ingressClassName');
  if (isSet(name)) yield* unlessFine(name, faultOfSubdomain(textOf(name)), 'the name of an IngressClass');
}

/** validateHTTPIngressPath. */
function* pathFaults(rule: Field): Faults {
  const [path, type] = [at(rule, 'path'), textOf(at(rule, 'pathType'))];
  if (type === '') return;
  const text = textOf(path);
  const isPlain = type === 'Exact' || type === 'Prefix';
  if (!text.startsWith('/') && (isPlain || text !== ''))
    yield refuse(path, 'the path does not begin with a slash', 'such as /api');
  if (isPlain) {
    const sequence =
      REFUSED_IN_PATHS.find((part) => text.includes(part)) ?? REFUSED_AT_THE_END.find((end) => text.endsWith(end));
    if (sequence !== undefined) yield refuse(path, `the path holds ${sequence}`, 'a path that needs no cleaning');
  }
  yield* backendFaults(at(rule, 'backend'));
}

/** validateIngressBackend. */
function* backendFaults(backend: Field): Faults {
  const [service, resource] = [at(backend, 'service'), at(backend, 'resource')];
  if (isSet(service) && isSet(resource)) {
    yield refuse(backend, 'both a service and a resource are written', 'one of the two');
    return;
  }
  if (!isSet(service)) {
    if (!isSet(resource)) yield refuse(backend, 'the backend is empty', 'a service');
    return;
  }
  const name = at(service, 'name');
  if (textOf(name) !== '') yield* unlessFine(name, faultOfDnsLabel(textOf(name)), 'the name of a Service');
  const [portName, number] = [at(service, 'port', 'name'), at(service, 'port', 'number')];
  const hasNumber = (numberOf(number) ?? 0) !== 0;
  if (textOf(portName) !== '' && hasNumber) yield refuse(backend, 'the port has a name and a number', 'one of the two');
  else if (textOf(portName) !== '') yield* unlessFine(portName, faultOfPort(portName.value), 'the name of a port');
  else if (hasNumber) yield* unlessFine(number, faultOfPort(number.value), 'from 1 to 65535');
  else yield refuse(backend, 'the port of the service is missing', 'service.port.name or service.port.number');
}

/** ValidateIngressClassSpec: the controller is a domain, a slash and a path. */
export function* ingressClassFaults(spec: Field): Faults {
  const controller = at(spec, 'controller');
  const [domain = '', ...path] = textOf(controller).split('/');
  if (textOf(controller) === '') yield missing(controller, 'such as traefik.io/ingress-controller');
  else if (
    textOf(controller).length > 250 ||
    !CONTROLLER_PATH.test(path.join('/')) ||
    faultOfSubdomain(domain) !== undefined
  )
    yield refuse(controller, 'this is no domain with a path', 'such as traefik.io/ingress-controller');
}
