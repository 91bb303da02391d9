import { columnsOf, cutTo } from '../reporters/columns.ts';
import type { Output } from './io.ts';

/** Writes a line over the one that stands at the cursor. It never breaks, since a broken line could not be taken away. */
export function drawLine(output: Output, line: string): void {
  const columns = (output.columns || 80) - 1;
  output.write(`\r\u001b[K${columnsOf(line) > columns ? `${cutTo(line, columns - 1)}…` : line}`);
}

export function clearLine(output: Output): void {
  output.write('\r\u001b[K');
}
