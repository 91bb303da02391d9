import { type Comparison, share } from './compare.ts';
import { KNOWN_DISAGREEMENTS } from './disagreements.ts';
import { MUTATIONS } from './mutations/index.ts';
import { MAKERS } from './objects.ts';
import { SPELLINGS } from './paths.ts';

export interface OracleRun {
  /** Such as `1.37`. */
  readonly kubernetes: string;
  readonly seed: number;
  readonly comparisons: readonly Comparison[];
}

/** The page on how well `validate` agrees with real API servers, with every disagreement in it. */
export function oraclePage(runs: readonly OracleRun[]): string {
  const [sample] = runs;
  const mutated = sample?.comparisons.filter(({ specimen }) => specimen.mutation !== undefined).length ?? 0;
  const valid = (sample?.comparisons.length ?? 0) - mutated;
  return `# What the API server says, and what validate says

<!-- Made by \`npm run oracle\` from what real API servers answered; do not edit. -->

\`qna-ready validate\` judges objects as the API server would, without one. Here it is held to the real thing: the API servers of the
test cluster are asked about each object of a corpus with \`dryRun=All&fieldValidation=Strict\`, and \`validate\` is asked about the same
object on standard input.

The corpus has ${valid} valid objects of ${Object.keys(MAKERS).length} kinds, and ${mutated} objects with one mutation each, from a catalogue of ${MUTATIONS.length} mutations; seven of
those hit a place of the object at random. Objects and mutations are drawn from a seed. The corpus below has a fixed one; every run of
the cluster suite asks about a second corpus whose seed is new, and prints it.

| Kubernetes | seed | objects | same verdict | same verdict and same places |
| --- | --- | --- | --- | --- |
${runs.map(rowOf).join('\n')}

Two paths are the same place where ours names the server's, or one step more: the entry of a map, the item of a list. Where the server
says that a field is missing and the map around it is missing already, ours may name the map. An object that the server cannot read is
judged by the server for that alone; whatever else we find in it is not counted against us.

## Where the server names places by other names

These are spellings of the server's code that stand in no object; they count as the place that is meant.

| the server's path | meant |
| --- | --- |
${SPELLINGS.map(({ server, meant }) => `| ${cell(server)} | ${meant} |`).join('\n')}
| spec.template.spec.volumes[n] of a StatefulSet | volumes[n - m], where m claim templates are counted first |
| data[KEY] of a Secret | stringData.KEY, where the key stands there |

## Each disagreement, with its reason

${[...KNOWN_DISAGREEMENTS.map(({ reason }) => reason), UNEXPLAINED]
  .map((reason) => sectionOf(reason, runs))
  .filter((section) => section !== '')
  .join('\n')}
## What is left unknown

Rules of custom resources (\`x-kubernetes-validations\`) are evaluated by a library that lacks functions of Kubernetes' own, such as
\`isIP\` or \`quantity\`; a rule that cannot be evaluated is *unknown*, never a pass. In the runs above that was so for ${runs.reduce((sum, { comparisons }) => sum + comparisons.filter(({ opinion, answer }) => opinion.isUnknown && answer.accepted).length, 0)} of the objects
that the server accepts.
`;
}

const UNEXPLAINED = 'Not explained.';

/** The first reason that fits a disagreement. */
function reasonOf(comparison: Comparison): string {
  return KNOWN_DISAGREEMENTS.find(({ fits }) => fits(comparison))?.reason ?? UNEXPLAINED;
}

/** A disagreement of which nobody has said why. */
export function isUnexplained(comparison: Comparison): boolean {
  return !comparison.agrees && reasonOf(comparison) === UNEXPLAINED;
}

function rowOf({ kubernetes, seed, comparisons }: OracleRun): string {
  const percent = (which: (comparison: Comparison) => boolean) => `${share(comparisons, which).toFixed(2)} %`;
  const [verdict, places] = [percent(({ sameVerdict }) => sameVerdict), percent(({ agrees }) => agrees)];
  return `| ${kubernetes} | ${seed} | ${comparisons.length} | ${verdict} | ${places} |`;
}

function sectionOf(reason: string, runs: readonly OracleRun[]): string {
  const rows = runs.flatMap(({ kubernetes, comparisons }) =>
    comparisons
      .filter((comparison) => !comparison.agrees && reasonOf(comparison) === reason)
      .map(({ specimen, answer, opinion }) => {
        const [theirs, ours] = [answer, opinion].map(({ accepted, paths }) => (accepted ? 'accepts' : pathsOf(paths)));
        return `| ${kubernetes} | ${specimen.name} | ${theirs} | ${ours} |`;
      }),
  );
  if (rows.length === 0) return '';
  return `${reason}

| Kubernetes | object | the server | validate |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function pathsOf(paths: readonly string[]): string {
  return paths.map((path) => `\`${cell(path)}\``).join(', ') || 'refuses';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
