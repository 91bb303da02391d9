import { SECTIONS } from '../checklist/index.ts';
import { CHECKS } from '../checks/index.ts';
import { UserError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';

/** A name that stands for no check, topic or item, with the one that was probably meant. */
export function noSuchCheck(name: string): UserError {
  const items = SECTIONS.flatMap((section) => section.items);
  const names = [
    ...CHECKS.flatMap(({ id }) => [id, id.split('/')[0] ?? '']),
    ...items.flatMap((item) => [item.id, item.name]),
  ];
  // Somebody may know a check by the second half of its name only.
  const withoutTopic = new Map(CHECKS.map(({ id }) => [id.slice(id.indexOf('/') + 1), id]));
  const near =
    withoutTopic.get(name) ?? nearest(name, names) ?? withoutTopic.get(nearest(name, [...withoutTopic.keys()]) ?? '');
  return new UserError(`No check, topic or item is called ${name}.`, {
    hint: near === undefined ? 'List them with: qna-ready explain.' : `Did you mean ${near}?`,
  });
}
