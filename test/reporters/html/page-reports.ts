import type { ReferenceGraph } from '../../../src/core/reference-graph.ts';
import type { Report, ReportFinding } from '../../../src/core/report.ts';
import type { Timeline } from '../../../src/core/timeline.ts';
import { fullReport } from '../reports.ts';

/** Everything that a page can hold, with the same words wherever words of the input can stand. */
export function wholeReport(words: string): Report {
  const report = fullReport(words);
  const signature = { by: words, note: words, signedAt: report.startedAt, until: '2027-01-01', reason: words } as const;
  return {
    ...report,
    items: report.items.map((item, index) => ({
      ...item,
      owner: words,
      ...(index < 2 ? { signature: { ...signature, state: index === 0 ? 'valid' : 'void' } } : {}),
    })),
    graphs: [graphOf(words)],
    timelines: [timelineOf(words)],
    roles: [rolesOf(words)],
  };
}

function rolesOf(words: string): Report['roles'][number] {
  return { source: 'files', role: words, subject: words, why: words };
}

function graphOf(words: string): ReferenceGraph {
  return {
    title: words,
    nodes: [
      { ref: 'Ingress prod/qna', kind: 'Ingress', state: 'there' },
      { ref: `Service prod/${words}`, kind: 'Service', state: 'there' },
      { ref: 'Deployment prod/qna', kind: 'Deployment', role: words, state: 'there' },
      { ref: 'Secret prod/qna-llm', kind: 'Secret', state: 'missing' },
      { ref: 'ConfigMap prod/qna', kind: 'ConfigMap', state: 'unknown' },
    ],
    edges: [
      { from: 'Deployment prod/qna', to: 'Secret prod/qna-llm', kind: 'reads', state: 'missing' },
      { from: 'Deployment prod/qna', to: 'ConfigMap prod/qna', kind: 'reads', state: 'unknown' },
      { from: 'Ingress prod/qna', to: `Service prod/${words}`, kind: words, state: 'there' },
      { from: `Service prod/${words}`, to: 'Deployment prod/qna', kind: 'selects', state: 'there' },
    ],
    omitted: 7,
  };
}

function timelineOf(words: string): Timeline {
  const sample = (atMs: number, status?: number) => ({ atMs, durationMs: 20, ...(status ? { status } : { words }) });
  return {
    title: words,
    startedAt: '2026-11-23T08:00:00.123Z',
    series: [
      { name: 'liveness', samples: [sample(0, 200), sample(1000, 200), sample(2000, 200)] },
      { name: words, samples: [sample(0, 200), sample(1000, 503), sample(2000)] },
    ],
    marks: [{ atMs: 500, words }],
  };
}

/** As many findings as asked for, of which a quarter fails, in the proportions and lengths of a real audit. */
export function manyFindings(count: number): Report {
  const findings = Array.from({ length: count }, (_, index): ReportFinding => {
    const check = `topic-${index % 10}/check-${index % 90}`;
    const subject = `Deployment team-${Math.floor(index / 90)}/qna container api`;
    const where = {
      object: `Deployment team-${Math.floor(index / 90)}/qna`,
      path: 'spec.template.spec.containers[0].readinessProbe',
    };
    const base = { id: `${check}@cluster#${subject}`, check, item: '2.1', source: 'cluster', subject, where } as const;
    return index % 4 === 0
      ? {
          ...base,
          outcome: 'fail',
          severity: 'warning',
          message: `The container takes traffic and has no probe of kind ${index % 90}.`,
          observed: 'no readinessProbe',
          expected: 'a readinessProbe, such as httpGet /health/ready',
          command: `kubectl -n team-${Math.floor(index / 90)} get deployment qna -o yaml`,
          fix: "Add a readinessProbe with httpGet on the service's readiness path, and the name of its port.",
          docs: 'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/',
        }
      : { ...base, outcome: 'pass', severity: 'warning', message: 'The probe asks the readiness path.' };
  });
  const fail = findings.filter(({ outcome }) => outcome === 'fail').length;
  const report = fullReport('plain');
  return {
    ...report,
    applications: [],
    summary: { ...report.summary, pass: count - fail, fail, unknown: 0, notApplicable: 0, waived: 0 },
    items: Array.from({ length: 30 }, (_, index) => ({
      id: `2.${index}`,
      name: `item-${index}`,
      title: 'The probes point at those endpoints, with budgets that make sense.',
      section: `${index % 6} Lifecycle`,
      state: 'todo',
      findings: findings.filter((__, nth) => nth % 30 === index).map(({ id }) => id),
    })),
    findings,
  };
}
