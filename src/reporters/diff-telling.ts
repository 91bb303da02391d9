import type { OneSided } from '../core/pair-findings.ts';
import type { Effect, FindingChange, ItemFlip, ReportDiff, ReportHead } from '../core/report-diff.ts';

/** Of checks that one report alone answers so many are named; the JSON names all. */
const MAX_CHECKS = 10;

/** The changes of one effect, under the words that a person reads above them. */
export interface ChangeGroup {
  readonly title: string;
  readonly effect: Effect | 'moved';
  readonly changes: readonly FindingChange[];
}

/** The worst first. What only moved, ages and figures, is told where everything is. */
export function changeGroups({ changes }: ReportDiff, verbose: boolean): readonly ChangeGroup[] {
  const of = (effect: Effect) => changes.filter((one) => one.effect === effect && one.kind !== 'moved');
  const groups: readonly ChangeGroup[] = [
    { title: 'Worse', effect: 'worse', changes: of('worse') },
    { title: 'No longer seen', effect: 'unseen', changes: of('unseen') },
    { title: 'Better', effect: 'better', changes: of('better') },
    { title: 'Otherwise changed', effect: 'none', changes: of('none') },
    { title: 'Moved', effect: 'moved', changes: verbose ? changes.filter(({ kind }) => kind === 'moved') : [] },
  ];
  return groups.filter((group) => group.changes.length > 0);
}

/** What a finding was and is: `pass → error`. */
export function transitionWords({ before, after, kind }: FindingChange): string {
  const word = (finding: FindingChange['before']) =>
    finding === undefined ? undefined : finding.outcome === 'fail' ? finding.severity : finding.outcome;
  const [was, is] = [word(before), word(after)];
  if (was === undefined) return `${kind === 'became-seen' ? 'not seen' : 'nothing'} → ${is}`;
  if (is === undefined) return `${was} → ${kind === 'became-unknown' ? 'not seen' : 'no more'}`;
  return `${was} → ${is}`;
}

/** `41 findings of probes/budget of files, 2 of them failures`: why such a check is no change. */
export function oneSidedSentences({ oneSided, before, after }: ReportDiff): readonly string[] {
  const words = ({ check, source, findings, failures }: OneSided) =>
    `${check} of ${source} (${findings} ${findings === 1 ? 'finding' : 'findings'}${failures === 0 ? '' : `, ${failures} failing`})`;
  const sentence = (answeredBy: OneSided['answeredBy'], told: string, lacking: string, why: string) => {
    const all = oneSided.filter((one) => one.answeredBy === answeredBy);
    return all.length === 0
      ? []
      : [
          `Only ${told} answers ${all.slice(0, MAX_CHECKS).map(words).join(', ')}${all.length > MAX_CHECKS ? ` and ${all.length - MAX_CHECKS} more checks` : ''}: ${lacking} ${why}`,
        ];
  };
  return [
    ...sentence('after', after.name, before.name, 'did not ask, so nothing of it counts as worse.'),
    ...sentence('before', before.name, after.name, 'did not ask, so nothing of it counts as mended.'),
  ];
}

/** What became of the objects and of what could not be seen. */
export function furtherSentences({ objects, gaps, before, after }: ReportDiff): readonly string[] {
  return [
    ...(objects.new.length === 0 ? [] : [`New in ${after.name}: ${objects.new.join(', ')}.`]),
    ...(objects.gone.length === 0 ? [] : [`Gone since ${before.name}: ${objects.gone.join(', ')}.`]),
    ...gaps.map(({ source, what, reason, openedOrClosed }) =>
      openedOrClosed === 'opened'
        ? `No longer seen by ${source}: ${what}: ${reason}.`
        : `Seen again by ${source}: ${what} (before: ${reason}).`,
    ),
  ];
}

/** One sentence with the whole of it. */
export function diffVerdict({ summary, items, changes, before, after }: ReportDiff): string {
  const { worse, unseen, better, exitCode } = summary;
  const parts = [
    ...(worse > 0 ? [`${worse} ${worse === 1 ? 'finding' : 'findings'} worse`] : []),
    ...(unseen > 0 ? [`${unseen} no longer seen`] : []),
    ...(better > 0 ? [`${better} better`] : []),
    ...(summary.items > 0 ? [`${summary.items} ${summary.items === 1 ? 'item' : 'items'} in another state`] : []),
  ];
  const head = worse > 0 ? 'Worse' : unseen > 0 ? 'Less is known' : better > 0 ? 'Better' : 'Nothing got worse';
  const quiet = changes.every(({ kind }) => kind === 'moved') && items.length === 0;
  const verdict =
    before.verdict === after.verdict ? `${after.verdict} as before` : `${before.verdict} → ${after.verdict}`;
  return `${head}: ${parts.length > 0 ? parts.join(', ') : quiet ? 'nothing changed' : 'other things changed'}; ${verdict} (exit code ${exitCode}).`;
}

export function headWords({ name, command, startedAt, sources }: ReportHead): string {
  return `${name}: ${command} of ${startedAt}, ${sources.map(({ name: source, target }) => `${source} ${target}`).join('; ')}`;
}

/** The checks of the findings that made an item flip. */
export function becauseWords({ because }: ItemFlip): string {
  const checks = new Set(because.map((id) => id.slice(0, id.indexOf('@'))));
  return checks.size === 0 ? 'nothing proves it in one of the two' : [...checks].join(', ');
}
