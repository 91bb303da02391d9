import type { Answer, Answerer } from './answerer.ts';

const MAX_SENTENCES = 3;

/**
 * Answers from the documents alone: the sentences that share most words with the question, with the document that each
 * comes from. It is what the service does without a provider, and it calls the same tools.
 */
export function createOfflineAnswerer(): Answerer {
  const model = 'extractive';
  return {
    provider: 'offline',
    model,
    async answer(question, toolbox, signal): Promise<Answer> {
      signal.throwIfAborted();
      const { outcome, output } = await toolbox.call('search_documents', { query: question });
      signal.throwIfAborted();
      const text = outcome === 'ok' ? extract(question, output) : undefined;
      return {
        text: text ?? 'The documents of this service do not say.',
        model,
        toolCalls: [{ name: 'search_documents', outcome }],
        usage: { inputTokens: countWords(question) + countWords(output), outputTokens: countWords(text ?? '') },
      };
    },
  };
}

function extract(question: string, found: string): string | undefined {
  const wanted = new Set(wordsOf(question));
  const sentences = found.split(/^# /m).flatMap((document) => {
    const [title = '', ...lines] = document.split('\n');
    return lines
      .join(' ')
      .split(/(?<=[.!?])\s+/)
      .map((sentence) => ({
        title,
        sentence: sentence.trim(),
        score: wordsOf(sentence).filter((word) => wanted.has(word)).length,
      }));
  });
  const best = sentences
    .filter(({ score, sentence }) => score > 0 && sentence !== '')
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_SENTENCES);
  return best.length === 0 ? undefined : best.map(({ sentence, title }) => `${sentence} [${title}]`).join(' ');
}

function wordsOf(text: string): readonly string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length > 2);
}

function countWords(text: string): number {
  return wordsOf(text).length;
}
