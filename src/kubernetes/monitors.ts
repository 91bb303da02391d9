import type { Monitor, MonitorEndpoint, ObjectMeta, Service } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';
import { matchesSelector, sameNamespace } from './label-selector.ts';
import type { Workload } from './workload.ts';

/** Whether a ServiceMonitor selects a Service, by its labels and in a namespace that it looks at. */
export function selectsService({ object }: Resource<Monitor>, service: Resource<Service>): boolean {
  return looksAt(object, service.object) && matchesSelector(object.spec?.selector, service.object.metadata?.labels);
}

/** Whether a PodMonitor selects the pods of a workload. */
export function selectsPod({ object }: Resource<Monitor>, workload: Workload): boolean {
  return (
    looksAt(object, workload.resource.object) &&
    matchesSelector(object.spec?.selector, workload.template.metadata?.labels)
  );
}

export function endpointsOf(monitor: Resource<Monitor>): readonly MonitorEndpoint[] {
  return (isPodMonitor(monitor) ? monitor.object.spec?.podMetricsEndpoints : monitor.object.spec?.endpoints) ?? [];
}

export function isPodMonitor({ object }: Resource<Monitor>): boolean {
  return object.kind === 'PodMonitor';
}

/** Whether the annotations that many configurations of Prometheus follow ask for a scrape. */
export function isAnnotated(metadata: ObjectMeta | undefined): boolean {
  return metadata?.annotations?.['prometheus.io/scrape'] === 'true';
}

/** Without a namespaceSelector a monitor looks at its own namespace only. */
function looksAt(monitor: Monitor, target: { readonly metadata?: ObjectMeta }): boolean {
  const { any, matchNames } = monitor.spec?.namespaceSelector ?? {};
  if (any === true) return true;
  if ((matchNames ?? []).length === 0) return sameNamespace(monitor, target);
  const namespace = target.metadata?.namespace;
  return namespace === undefined || (matchNames ?? []).includes(namespace);
}
