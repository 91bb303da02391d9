import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { RULES } from '../src/scaffold/answer-rules.ts';

/** The schemas of the answers as functions, so that init neither loads a compiler nor waits for it. */
export function compiledRules(): string {
  const ajv = new Ajv({
    strict: false,
    messages: false,
    // Lengths in UTF-16 units need no helper from a package. The option is deprecated, and warns of that.
    unicode: false,
    logger: false,
    code: { source: true, esm: true },
  });
  // A copy each: of a schema that two answers share, the function would be declared twice.
  for (const [name, { schema }] of Object.entries(RULES)) ajv.addSchema({ ...schema }, name);
  const code = standaloneCode.default(ajv, Object.fromEntries(Object.keys(RULES).map((name) => [name, name])));
  return `// @ts-nocheck: made by npm run generate from answer-rules.ts.\n${code.replace('"use strict";', '')}\n`;
}
