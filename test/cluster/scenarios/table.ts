import { FOREIGN_APPS } from './foreign/apps.ts';
import { FOREIGN_STORIES } from './foreign/stories/index.ts';
import { BROKEN_STORIES } from './stories/index.ts';
import type { BrokenStory } from './story.ts';

/** README.md of this folder: what the stories are, and which item notices which fault. Made from the stories themselves. */
export function scenariosPage(): string {
  const named = BROKEN_STORIES.filter(({ verdict }) => verdict.by !== 'nobody yet');
  return [
    '# Stories about a service in a real cluster',
    '',
    '<!-- Made by `npm run generate` from the stories; do not edit. -->',
    '',
    '[whole-story.test.ts](whole-story.test.ts) tells of a service that does well: `init`, the image, `kubectl apply -k`, pods that are',
    'Ready where only *restricted* pods are admitted, `audit`, `probe` through the ingress over TLS, a question whose answer is in',
    'PostgreSQL and survives the pod of the database, a backup, a restore drill, and an audit that finds every item done.',
    '',
    '[broken-stories.test.ts](broken-stories.test.ts) breaks one thing at a time. Each story runs in a namespace of its own, first proves',
    'with plain reads of the API that the fault is really there, and then demands three things: the item is not done, the check that is',
    'named below says what is broken, and every other item stays as it was, save for those that the fault rightly touches.',
    '',
    `${BROKEN_STORIES.length} stories; ${named.length} faults are named, ${BROKEN_STORIES.length - named.length} are still to come.`,
    '',
    '| story | what is broken | item | named by | rightly touched |',
    '| --- | --- | --- | --- | --- |',
    ...BROKEN_STORIES.map(row),
    '',
    'A new story is an entry in a file of [stories/](stories); run `npm run generate` after it, and the stories alone with',
    '`npm run test:cluster -- scenarios -t NAME`.',
    '',
    '## Applications of other teams',
    '',
    `[foreign-stories.test.ts](foreign/foreign-stories.test.ts) demands the same of ${Object.keys(FOREIGN_APPS).length} applications that \`init\` did not write, judged without any configuration:`,
    'none has a false finding with nothing broken, and each fault below is named with every other item unchanged.',
    '',
    '| application | how it is unlike ours |',
    '| --- | --- |',
    ...Object.entries(FOREIGN_APPS).map(([name, { tells }]) => `| [${name}](foreign/${name}/app.yaml) | ${tells} |`),
    '',
    `${FOREIGN_STORIES.length} stories.`,
    '',
    '| story | what is broken | item | named by | rightly touched |',
    '| --- | --- | --- | --- | --- |',
    ...FOREIGN_STORIES.map((story) => row({ ...story, name: `${story.app}: ${story.name}` })),
    '',
  ].join('\n');
}

function row({ name, tells, item, verdict, alsoTouches = {} }: BrokenStory): string {
  const by = verdict.by === 'nobody yet' ? 'still to come' : `\`${verdict.check}\` (${verdict.by})`;
  const touched = Object.keys(alsoTouches)
    .filter((id) => id !== item)
    .sort(compareItems)
    .join(' ');
  return `| ${name} | ${tells} | ${item} | ${by} | ${touched} |`;
}

function compareItems(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
