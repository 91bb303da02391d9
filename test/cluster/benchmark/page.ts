import type { Benchmark, JudgedApplication, JudgedStory } from './run-benchmark.ts';
import { line, OUTCOMES, type Outcome, type Verdict } from './verdict.ts';

/** How an outcome is told in a cell. */
const CELLS: Readonly<Record<Outcome, string>> = {
  named: '**names it**',
  effect: 'an effect',
  other: 'something else',
  nothing: '–',
  failed: 'failed',
};

/** docs/benchmark-audit.md: how well `audit` and its peers see each fault of the stories. */
export function benchmarkPage({ judges, absent, applications }: Benchmark): string {
  const names = judges.map(({ name }) => name);
  const stories = applications.flatMap((application) => application.stories);
  return [
    '# What audit says of broken services, and what its peers say',
    '',
    '<!-- Made by `npm run benchmark:audit` from what the judges said; do not edit. -->',
    '',
    `The [stories](../test/cluster/scenarios/README.md) of the test bed break ${applications.length} applications in a real cluster, one thing at a time:`,
    `what \`init\` writes (*ours*), and ${applications.length - 1} that other teams could have written. Here each judge looks at the same cluster in the same state.`,
    `${stories.length} faults; the words that stand behind each verdict are below, and all of them are in [benchmark-audit.json](benchmark-audit.json).`,
    '',
    `| judge | asked as | ${OUTCOMES.map((outcome) => CELLS[outcome].replaceAll('*', '').replace('–', 'nothing')).join(' | ')} |`,
    `| --- | --- |${OUTCOMES.map(() => ' ---: |').join('')}`,
    ...judges.map(
      ({ name, version, asked }) =>
        `| ${name} ${version} | ${asked} | ${OUTCOMES.map((outcome) => countOf(stories, name, outcome)).join(' | ')} |`,
    ),
    '',
    RULES,
    '',
    '## With nothing broken',
    '',
    'How many remarks each judge has on the healthy application, hints and notes left out, and how long it took, as a median over the',
    'applications while nothing else ran. Nobody judged whether the remarks of the peers are right; ours stand below the table, and the',
    'tests of the stories hold that none of them is a false alarm.',
    '',
    `| judge | ${applications.map(({ name }) => name).join(' | ')} | seconds |`,
    `| --- |${applications.map(() => ' ---: |').join('')} ---: |`,
    ...names.map((name) => healthyRow(name, applications)),
    '',
    ...applications.flatMap((application) => ownRemarks(application, names[0] ?? '')),
    ...applications.flatMap((application) => section(application, names)),
    NOT_ASKED,
    ...(absent.length === 0 ? [] : ['', `Not on the PATH of this run, and so not asked: ${absent.join(', ')}.`]),
    '',
  ].join('\n');
}

const RULES = `A verdict is found by comparison: the judge is asked about the healthy application and about the broken one, and what it says of the
broken one alone is what it has to say of the fault. Two remarks are the same that have the same check, object and words, with
namespaces, hosts, the ends of generated names and numbers taken out. Of those new remarks

- one that speaks of the fault *names it*. By which words a fault is known stands in
  [faults.ts](../test/cluster/benchmark/faults.ts), the same for all peers, and generous to them: the broken thing called by its name is
  enough. We are held to more: the check that the story names must say what the story demands.
- one that only tells what the fault does to pods and addresses, such as *Pod is not ready*, is *an effect*.
- any other is *something else*, and where there is none the judge says nothing. *Failed* is a judge that crashed or took too long.

Peers run with the settings that they come with, save for kube-linter: it asks all that it can ask, and not only its defaults, which see
less. Popeye, kube-score and Checkov are built by the test bed; Polaris and kube-linter are taken from the PATH. What a peer says of objects
outside of the namespace is left out, for other stories happen there at the same time. Judges of files read the objects of the
namespace, as \`kubectl get\` gives them, without what controllers made; nothing that only a running pod shows can be seen there.`;

const NOT_ASKED = `## Who is not asked

kubeconform and kubectl-validate hold objects to their schemas, and the API server has admitted every object of these stories, so they
have nothing to say here. Kubescape downloads its controls when it starts, and the machines of this test bed have no way out.`;

function countOf(stories: readonly JudgedStory[], judge: string, outcome: Outcome): number {
  return stories.filter(({ verdicts }) => verdicts[judge]?.outcome === outcome).length;
}

function healthyRow(judge: string, applications: readonly JudgedApplication[]): string {
  const judgements = applications.map(({ healthy }) => healthy[judge]);
  const counts = judgements.map((judgement) =>
    typeof judgement === 'object' ? judgement.remarks.filter(({ counts }) => counts).length : 'failed',
  );
  const seconds = judgements.flatMap((judgement) => (typeof judgement === 'object' ? judgement.seconds : []));
  return `| ${judge} | ${counts.join(' | ')} | ${median(seconds)?.toFixed(1) ?? ''} |`;
}

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** Ours can be checked by whoever knows the application, so they are shown. */
function ownRemarks({ name, healthy }: JudgedApplication, judge: string): readonly string[] {
  const judgement = healthy[judge];
  if (typeof judgement !== 'object' || judgement.remarks.length === 0) return [];
  return [`Our remarks on *${name}*:`, '', ...judgement.remarks.map((remark) => `- ${code(line(remark))}`), ''];
}

function section({ name, stories }: JudgedApplication, judges: readonly string[]): readonly string[] {
  const words = stories.flatMap((story) =>
    judges.flatMap((judge) => {
      const verdict = story.verdicts[judge];
      return verdict === undefined || verdict.outcome === 'nothing' ? [] : tellVerdict(story, judge, verdict);
    }),
  );
  return [
    `## ${name}`,
    '',
    `| story | what is broken | item | ${judges.join(' | ')} |`,
    `| --- | --- | --- |${judges.map(() => ' --- |').join('')}`,
    ...stories.map(
      ({ name: story, tells, item, verdicts }) =>
        `| ${story} | ${tells} | ${item} | ${judges.map((judge) => CELLS[verdicts[judge]?.outcome ?? 'failed']).join(' | ')} |`,
    ),
    '',
    'In the words of each judge:',
    '',
    ...words,
    '',
  ];
}

/** At most this many remarks of one kind are shown; the rest is in the file of all words. */
const SHOWN = 3;

function tellVerdict({ name }: JudgedStory, judge: string, { outcome, because, besides }: Verdict): readonly string[] {
  const title = `- ${name}, ${judge}, ${CELLS[outcome].replaceAll('*', '')}`;
  if (typeof because === 'string') return [`${title}: ${because.split('\n')[0]}`];
  const quoted = because.slice(0, SHOWN).map((remark) => code(line(remark)));
  const more = because.length > SHOWN ? `, and ${because.length - SHOWN} more` : '';
  const others = new Set(besides.map(({ check }) => `\`${check}\``));
  return [`${title}: ${quoted.join('; ')}${more}${others.size === 0 ? '' : `; besides ${[...others].join(', ')}`}`];
}

const LONGEST = 240;

function code(text: string): string {
  const one = text.replace(/\s+/g, ' ').replaceAll('`', "'");
  return `\`${one.length > LONGEST ? `${one.slice(0, LONGEST)}…` : one}\``;
}
