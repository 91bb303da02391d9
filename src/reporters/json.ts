import { jsonText } from './layout.ts';
import type { Reporter } from './reporter.ts';

/** The findings of many objects are longer as a text than everything else that a run holds, so each is told by itself. */
export const jsonReporter: Reporter = function* ({ findings, ...rest }) {
  const whole = jsonText({ ...rest, findings: [] });
  if (findings.length === 0) {
    yield whole;
    return;
  }
  yield whole.slice(0, whole.lastIndexOf(']'));
  for (const [nth, finding] of findings.entries())
    yield `${nth === 0 ? '' : ','}\n    ${jsonText(finding).trimEnd().replaceAll('\n', '\n    ')}`;
  yield '\n  ]\n}\n';
};
