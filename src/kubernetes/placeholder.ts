import type { SecretValueShape } from '../core/objects.ts';

const PLACEHOLDER =
  /^(?:change[-_ ]?(?:me|it|this)|replace[-_ ]?(?:me|this|with\b.*)|fill[-_ ]?(?:me|in)\b.*|todo|fixme|tbd|x{3,}|\*{3,}|\.{3}|your[-_ ].*|my[-_ ](?:password|secret|key|token)|enter[-_ ].*|insert[-_ ].*|<.*>|\[.*\]|placeholder|example|dummy|password|secret|none|null|undefined)$/i;

/** What a Secret's value is, so that nobody needs to keep the value itself. */
export function shapeOfValue(value: string): SecretValueShape {
  const text = value.trim();
  if (text === '') return 'empty';
  return PLACEHOLDER.test(text) ? 'placeholder' : 'filled';
}
