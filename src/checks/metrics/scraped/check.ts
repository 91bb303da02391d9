import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { servicesBefore } from '../../../kubernetes/service-ports.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { nearMiss, scraperOf } from './scraper.ts';

const NEEDS = [...ROLE_FACTS, 'serviceMonitors', 'podMonitors'] as const;

export const scrapedCheck = defineCheck({
  id: 'metrics/scraped',
  title: 'Something scrapes the metrics of each service',
  severity: 'warning',
  why: 'A metrics endpoint that nobody reads is a log that nobody keeps. A monitor whose selector or port name misses by one letter reports nothing, and no error either.',
  how: 'A ServiceMonitor selects a Service of the workload by the labels of the Service, in a namespace that it looks at, and one of its endpoints names a port of that Service; or a PodMonitor selects the labels of the pods and names a container port; or prometheus.io/scrape is "true" on the pod template or on the Service.',
  fix: 'Write a ServiceMonitor with the labels of the Service, and with the name of its port.',
  verify: 'Look for the target in Prometheus under Status, Targets.',
  references: [
    'https://prometheus-operator.dev/docs/developer/getting-started/',
    'https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor',
  ],
  needs: NEEDS,
  evaluate: (facts, settings) =>
    orNotApplicable(
      playing('service', rolesOf(facts, settings)).map((workload): Verdict => {
        const { ref: subject, locate } = workload.resource;
        const services = servicesBefore(workload, facts.services);
        const scraper = scraperOf(workload, services, facts);
        if (scraper !== undefined)
          return {
            outcome: 'pass',
            subject,
            message: 'Something scrapes the service.',
            where: locate([]),
            observed: scraper,
          };
        const near = nearMiss(workload, services, facts);
        return {
          outcome: 'fail',
          subject,
          message: near?.message ?? 'Nothing scrapes the metrics of the service.',
          where: near?.where ?? locate(['spec', 'template', 'metadata', 'annotations']),
          observed: near?.observed ?? 'no ServiceMonitor, no PodMonitor and no prometheus.io/scrape',
          expected: 'a monitor that selects the service and names its port',
        };
      }),
      'No workload takes traffic through a Service.',
    ),
});
