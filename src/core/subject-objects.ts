import type { ReportFinding } from './report.ts';

/** `Deployment qna` of `Deployment qna container api`, with the cluster that a run of several puts before it; `Secret in k8s/a.yaml` is a place. */
const OBJECT = /^(?:[^ ]+: )?[A-Z][A-Za-z]+ (?!in )[^ ]+/;

/** The objects that findings speak of, as their subjects name them. */
export function subjectObjects(findings: readonly ReportFinding[]): ReadonlySet<string> {
  return new Set(
    findings.flatMap(({ subject, outcome }) => {
      const object = outcome === 'not-applicable' ? null : OBJECT.exec(subject);
      return object === null ? [] : [object[0]];
    }),
  );
}
