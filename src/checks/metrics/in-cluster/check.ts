import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { Exchange } from '../../../core/endpoint-facts.ts';
import type { PodMetrics } from '../../../core/pod-endpoint-facts.ts';
import { DEFAULT_SETTINGS } from '../../../core/settings.ts';
import { policiesOn } from '../../../kubernetes/network-policies.ts';
import { podsOf } from '../../../kubernetes/pods-of.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { judgeContentType } from '../../../prometheus/content-type.ts';
import { answersApart, isReady } from '../../answers-apart.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { judgeFormat } from '../judge-format.ts';
import { judgeScrape } from '../judge-scrape.ts';

export const metricsInClusterCheck = defineCheck({
  id: 'metrics/in-cluster',
  title: 'The page of metrics of every pod is one that Prometheus takes',
  severity: 'error',
  why: 'Prometheus scrapes each pod for itself, and one replica whose page is refused is missing from every graph and every alert. Behind a Service it is seen by chance only.',
  how: "Each running pod of a workload that takes traffic is asked through the API server's proxy as Prometheus 3 asks: where a ServiceMonitor, a PodMonitor or prometheus.io annotations say, or else at the configured path of the port that its probe asks over HTTP. The answer is judged as metrics/scrape and metrics/format judge that of an endpoint; a Content-Type that is missing cannot be told from a plain one. A path that nothing declares and that holds no metrics is none of it. A pod that the API server may not or cannot ask is unknown, unless a NetworkPolicy keeps callers out of it.",
  fix: 'Let an official client library write the page, on the port and at the path that the monitor or the annotation names, and mend the pod that is named.',
  verify: 'Run kubectl get --raw /api/v1/namespaces/NAMESPACE/pods/POD:PORT/proxy/metrics | promtool check metrics.',
  references: [
    'https://prometheus.io/docs/instrumenting/exposition_formats/',
    'https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/#manually-constructing-apiserver-proxy-urls',
  ],
  only: ['cluster'],
  needs: [...ROLE_FACTS, 'pods', 'networkPolicies', 'podMetrics'],
  evaluate: (facts, settings) =>
    orNotApplicable(
      playing('service', rolesOf(facts, settings)).flatMap((workload): readonly Verdict[] => {
        const { ref: subject, locate } = workload.resource;
        const pods = new Map(podsOf(workload, facts.pods).map((pod) => [pod.ref, pod]));
        const pages = facts.podMetrics.filter(({ pod }) => pods.has(pod));
        const isMeant = settings.paths.metrics !== DEFAULT_SETTINGS.paths.metrics;
        const { seen, notSeen } = answersApart(pages, {
          isReady: (pod) => isReady(pods.get(pod)?.object),
          policies: policiesOn(workload, 'Ingress', facts.networkPolicies),
        });
        const found = seen.filter(
          ({ entry, exchange }) => isMeant || entry.declaredBy !== undefined || isPage(exchange),
        );
        const verdicts = [...notSeen, ...found.flatMap(({ entry, exchange }) => judgePage(entry, exchange))];
        if (verdicts.length > 0) return verdicts;
        const runs = [...pods.values()].some(({ object }) => object.status?.phase === 'Running');
        return [
          runs
            ? {
                outcome: 'not-applicable',
                subject,
                message:
                  'Nothing says where its pods have metrics, and none are at the usual path; metrics/scraped tells the rest.',
              }
            : {
                outcome: 'unknown',
                subject,
                message: 'No pod of it runs, so no page of metrics could be read.',
                where: locate(['spec', 'replicas']),
              },
        ];
      }),
      'No workload takes traffic through a Service.',
    ),
});

function isPage({ status, headers }: Exchange): boolean {
  return status === 200 && judgeContentType(headers['content-type']).accepted;
}

/** What is wrong with the page of one pod, or not known of it, or that nothing is. */
function judgePage({ pod, container, declaredBy }: PodMetrics, exchange: Exchange): readonly Verdict[] {
  const judged = [...judgeScrape(exchange), ...judgeFormat(exchange)];
  const faults = judged.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown');
  if (faults.length > 0) return faults.map((fault) => ({ ...fault, subject: `${pod} ${fault.subject}` }));
  const samples = judged.find(({ subject }) => subject === 'metrics page');
  return [
    {
      outcome: 'pass',
      subject: pod,
      message: 'Prometheus takes the page of the pod.',
      observed: `${samples?.observed}, from container ${container}, as ${declaredBy ?? 'the path and the probe'} says`,
      where: { request: exchange.request },
    },
  ];
}
