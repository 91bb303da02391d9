import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { minifySync, transformSync } from 'rolldown/utils';

/** In the order in which the rules overrule each other. */
const STYLES = ['base.css', 'parts.css', 'drawings.css', 'media.css'];
const FOLDER = join(import.meta.dirname, '../src/reporters/html/browser');

/** The script and the style of the HTML report as texts, with the hashes by which its Content-Security-Policy admits them. */
export function htmlAssets(): string {
  const script = scriptOf(readFileSync(join(FOLDER, 'page.ts'), 'utf8'));
  const style = styleOf(STYLES.map((name) => readFileSync(join(FOLDER, name), 'utf8')).join('\n'));
  return `// Made by npm run generate from browser/.
export const SCRIPT = ${JSON.stringify(script)};
export const SCRIPT_HASH = '${hashOf(script)}';
export const STYLE = ${JSON.stringify(style)};
export const STYLE_HASH = '${hashOf(style)}';
`;
}

function scriptOf(source: string): string {
  const { code } = transformSync('page.ts', source, { sourceType: 'module' });
  const minified = minifySync('page.js', `{${code}}`, { module: false }).code.trim();
  // Either would end the element or change how a browser reads it.
  if (/<\/script|<!--/i.test(minified)) throw new Error('The script of the page holds what ends a script element.');
  return minified;
}

/** Without comments and indentation. */
function styleOf(source: string): string {
  return source
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replaceAll(';}', '}')
    .trim();
}

/** As a Content-Security-Policy names it. */
function hashOf(content: string): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}
