/**
 * Keeps as many whole lines of a Markdown report as fit, and ends with a sentence that says what was left out. A budget that not even
 * the sentence fits in leaves nothing.
 */
export function cutToBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const lines = text.split(/(?<=\n)/);
  // The sentence is longest where everything is left out, so that length always does.
  const room = bytes - Buffer.byteLength(sentenceFor(lines));
  let taken = 0;
  let kept = 0;
  for (const line of lines) {
    const size = Buffer.byteLength(line);
    if (taken + size > room) break;
    taken += size;
    kept += 1;
  }
  return room < 0 ? '' : lines.slice(0, kept).join('') + sentenceFor(lines.slice(kept));
}

function sentenceFor(left: readonly string[]): string {
  const findings = left.filter((line) => line.startsWith('- **')).length;
  const those = findings === 0 ? '' : `, ${findings} findings among them,`;
  return `\n**Left out:** the last ${left.length} lines of this summary${those} do not fit into the 1 MiB that is shown here. The log of this step and a report in a file have all of them.\n`;
}
