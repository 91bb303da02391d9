import { PassThrough } from 'node:stream';

export const ENTER = '\r';
export const INTERRUPT = '\u0003';

/** Somebody who reads each question and types an answer. */
export function personWho(answers: (question: string) => string) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const asked: string[] = [];
  let text = '';
  let last = '';
  output.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the screen is made of them.
    const plain = text.slice(-4000).replace(/\u001b\[[\d;?]*[A-Za-z]/g, '');
    const question = plain.match(/[A-Z][^?\n│]*\?(?=\n)/g)?.at(-1);
    const problem = plain.match(/[a-zA-Z]+ must be [^\n]*/g)?.length ?? 0;
    const key = `${question} ${problem}`;
    if (question === undefined || key === last) return;
    last = key;
    if (asked.at(-1) !== question) asked.push(question);
    setImmediate(() => input.write(answers(question)));
  });
  return { input, output, asked, seen: () => text };
}
