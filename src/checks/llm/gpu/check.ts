import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import { containersOf, WORKLOAD_FACTS, type WorkloadContainer, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

/** Extended resources of device plugins. */
const ACCELERATOR =
  /^(?:nvidia\.com\/(?:gpu|mig-.+)(?:\.shared)?|amd\.com\/gpu|gpu\.intel\.com\/.+|habana\.ai\/gaudi|google\.com\/tpu|aws\.amazon\.com\/neuron(?:core|device)?)$/;

type Fault = Pick<Verdict, 'message' | 'observed' | 'expected' | 'where' | 'severity'>;

export const llmGpuCheck = defineCheck({
  id: 'llm/gpu',
  title: 'A model that runs in the cluster gets its accelerators, and a node that has them',
  severity: 'error',
  why: 'Accelerators cannot be overcommitted: the API server refuses a request without a limit, or one that differs. Without a selection of nodes the pods of other teams fill the dear nodes, and a node with a taint takes nothing without a toleration.',
  how: 'Each container that asks for nvidia.com/gpu, amd.com/gpu, gpu.intel.com, habana.ai/gaudi, google.com/tpu or aws.amazon.com/neuron has them in limits, as a whole number, and in requests the same or nothing. Its pod has a nodeSelector, a node affinity, a toleration or a runtimeClassName, which otherwise is a warning.',
  fix: 'Write the accelerator in limits only, and select the nodes that have it with nodeSelector and tolerations.',
  verify: 'kubectl describe node | grep -A3 -E "nvidia.com/gpu|amd.com/gpu"; kubectl get pod -o wide',
  references: [
    'https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/',
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#extended-resources',
  ],
  needs: WORKLOAD_FACTS,
  evaluate: (facts) =>
    orNotApplicable(
      workloadsOf(facts).flatMap(containersOf).flatMap(judge),
      'No container asks for an accelerator, so no model runs here.',
    ),
});

function judge({ container: { resources }, subject, path, workload }: WorkloadContainer): readonly Verdict[] {
  const { requests = {}, limits = {} } = resources ?? {};
  const names = [...new Set([...Object.keys(limits), ...Object.keys(requests)])].filter((name) =>
    ACCELERATOR.test(name),
  );
  if (names.length === 0) return [];
  const { resource, spec, specPath } = workload;
  const faults: Fault[] = names.flatMap((name) => {
    const [limit, request] = [limits[name], requests[name]];
    const where = resource.locate([...path, 'resources', limit === undefined ? 'requests' : 'limits', name]);
    const observed = `limits ${limit ?? 'nothing'}, requests ${request ?? 'nothing'}`;
    if (limit === undefined || (request !== undefined && String(request) !== String(limit)))
      return [
        {
          message: `${name} cannot be overcommitted, so the API server refuses this.`,
          where,
          observed,
          expected: 'the same number in limits and requests, or limits alone',
        },
      ];
    if (!/^[1-9]\d*$/.test(String(limit)))
      return [{ message: `${name} is counted in whole ones.`, where, observed, expected: 'a whole number' }];
    return [];
  });
  const selects =
    Object.keys(spec.nodeSelector ?? {}).length > 0 ||
    spec.affinity?.nodeAffinity !== undefined ||
    (spec.tolerations ?? []).length > 0 ||
    spec.runtimeClassName !== undefined ||
    spec.nodeName !== undefined;
  if (!selects)
    faults.push({
      severity: 'warning',
      message: 'Nothing leads the pod to a node with an accelerator.',
      where: resource.locate(specPath),
      observed: 'no nodeSelector, node affinity or toleration',
      expected: 'a nodeSelector and tolerations of those nodes',
    });
  if (faults.length > 0) return faults.map((fault) => ({ outcome: 'fail', subject, ...fault }));
  return [
    {
      outcome: 'pass',
      subject,
      message: 'It gets its accelerators, and a node that has them.',
      where: resource.locate([...path, 'resources', 'limits']),
      observed: names.map((name) => `${name} ${limits[name]}`).join(', '),
    },
  ];
}
