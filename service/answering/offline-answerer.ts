import type { Answer, Answerer } from './answerer.ts';
import type { FoundDocument } from './documents.ts';

const MAX_SENTENCES = 3;

/**
 * Answers from the documents alone: the sentences that fit the question best by the ranking of PostgreSQL's full-text search,
 * each with the document that it comes from. It is what the service does without a provider, and it calls the same tools.
 */
export function createOfflineAnswerer(): Answerer {
  const model = 'extractive';
  return {
    provider: 'offline',
    model,
    async answer(question, toolbox, signal, { history = [], onText } = {}): Promise<Answer> {
      signal.throwIfAborted();
      const toolCalls: { name: string; outcome: 'ok' | 'error' }[] = [];
      let read = countWords(question);
      const search = async (query: string) => {
        const { outcome, output, found: documents = [] } = await toolbox.call('search_documents', { query });
        signal.throwIfAborted();
        toolCalls.push({ name: 'search_documents', outcome });
        read += countWords(output);
        return extract(documents);
      };
      // A question such as "And how long?" says something only together with the one before it.
      const before = history.at(-1)?.question;
      const found =
        (await search(question)) ?? (before === undefined ? undefined : await search(`${before} ${question}`));
      const sentences = found ?? ['The documents of this service do not say.'];
      for (const [place, sentence] of sentences.entries()) onText?.(place === 0 ? sentence : ` ${sentence}`);
      const text = sentences.join(' ');
      return {
        text,
        model,
        offline: true,
        toolCalls,
        usage: { inputTokens: read, outputTokens: countWords(text) },
      };
    },
  };
}

/** A sentence counts for more in a document that fits well. */
function extract(found: readonly FoundDocument[]): readonly string[] | undefined {
  const best = found
    .flatMap(({ title, rank, sentences }) =>
      sentences.map(({ text, rank: own }) => ({ title, text, score: rank * own })),
    )
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_SENTENCES);
  return best.length === 0 ? undefined : best.map(({ text, title }) => `${text} [${title}]`);
}

function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}
