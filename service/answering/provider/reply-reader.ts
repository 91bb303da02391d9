import { ProviderError } from '../answerer.ts';

/** What the model said in one call. */
export interface ModelReply {
  readonly text: string;
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  /** Absent where the provider does not tell, or nothing that can be believed. */
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number } | undefined;
  /** The model that answered, which an alias may hide. */
  readonly model: string | undefined;
  readonly secondsToFirstChunk: number | undefined;
  /** The mean over the chunks after the first. */
  readonly secondsPerChunk: number | undefined;
}

/** Puts the pieces of an answer together; the arguments of a tool come in fragments, told apart by their index. */
export interface ReplyReader {
  /** Takes one event; tells whether it took the answer further. */
  read(chunk: unknown): boolean;
  /** Takes an answer in one piece: some servers that call themselves compatible know no streams. */
  readWhole(completion: unknown): void;
  hasText(): boolean;
  /** Whether the model has said that it is done. */
  isFinished(): boolean;
  /** Throws ProviderError where the answer is not whole, or says nothing. */
  reply(started: number): ModelReply;
}

const MAX_CHARACTERS = 200_000;
const MAX_TOOL_CALLS = 64;
const MAX_NAME = 256;
/** As large as the column that keeps it. */
const MAX_COUNT = 2 ** 31 - 1;

/** Reads with no trust in the other side: what has not the form of a piece is none, and what grows has a bound. */
export function createReplyReader(onText: (text: string) => void): ReplyReader {
  let text = '';
  let finished = false;
  let size = 0;
  let model: string | undefined;
  let usage: ModelReply['usage'];
  let pieces = 0;
  let firstAt = 0;
  let lastAt = 0;
  const calls: { id: string; name: string; arguments: string }[] = [];

  return {
    isFinished: () => finished,
    hasText: () => text !== '',
    read(chunk) {
      const choice = readFrame(chunk);
      const delta = recordOf(choice.delta);
      if (typeof choice.finish_reason === 'string') finished = true;
      readMessage(delta);
      if (!finished && !isProgress(delta)) return false;
      lastAt = performance.now();
      if (pieces === 0) firstAt = lastAt;
      pieces += 1;
      return true;
    },
    readWhole(completion) {
      readMessage(recordOf(readFrame(completion).message));
      finished = true;
    },
    reply(started) {
      // A connection that was cut ends the stream just like a whole answer does, save for the reason to finish.
      if (!finished) throw new ProviderError('cut_off', new Error('the stream ended before the answer did'));
      const toolCalls = calls.filter(({ name }) => name !== '');
      if (text === '' && toolCalls.length === 0) throw invalid('the answer is empty');
      return {
        text,
        toolCalls,
        usage,
        model,
        secondsToFirstChunk: pieces === 0 ? undefined : (firstAt - started) / 1000,
        secondsPerChunk: pieces < 2 ? undefined : (lastAt - firstAt) / 1000 / (pieces - 1),
      };
    },
  };

  /** What surrounds a piece or a whole answer alike. */
  function readFrame(frame: unknown): Readonly<Record<string, unknown>> {
    const { choices, usage: told, model: from } = recordOf(frame);
    if (typeof from === 'string') model ??= from.slice(0, MAX_NAME);
    const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = recordOf(told);
    if (isCount(inputTokens) && isCount(outputTokens)) usage = { inputTokens, outputTokens };
    return recordOf(Array.isArray(choices) ? choices[0] : undefined);
  }

  function readMessage({ content, tool_calls: fragments }: Readonly<Record<string, unknown>>): void {
    if (Array.isArray(fragments)) fragments.forEach(readCall);
    if (typeof content !== 'string' || content === '') return;
    grow(content);
    text += content;
    onText(content);
  }

  function readCall(fragment: unknown, place: number): void {
    const { index, id, function: called } = recordOf(fragment);
    const { name, arguments: given } = recordOf(called);
    const at = isCount(index) ? index : place;
    if (at >= MAX_TOOL_CALLS) throw invalid('the answer wants too many tools');
    while (calls.length <= at) calls.push({ id: '', name: '', arguments: '' });
    const call = calls[at];
    if (call === undefined) return;
    if (typeof id === 'string') call.id ||= id.slice(0, MAX_NAME);
    if (typeof name === 'string') call.name ||= name.slice(0, MAX_NAME);
    if (typeof given !== 'string') return;
    grow(given);
    call.arguments += given;
  }

  function grow(piece: string): void {
    size += piece.length;
    if (size > MAX_CHARACTERS) throw invalid('the answer does not end');
  }
}

function invalid(what: string): ProviderError {
  return new ProviderError('invalid', new Error(what));
}

/** The role that comes first says nothing yet, and an empty piece is no more than a comment. Thoughts do count. */
function isProgress(delta: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(delta).some(
    ([name, value]) =>
      name !== 'role' && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_COUNT;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
