export interface ServerSentEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Reads server-sent events as they come; each piece must be whole, and name its event. */
export async function* readEvents(response: Response): AsyncGenerator<ServerSentEvent> {
  let rest = '';
  for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    rest += piece;
    const whole = rest.split('\n\n');
    rest = whole.pop() ?? '';
    for (const block of whole) {
      if (block.startsWith(':')) continue;
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      if (event === undefined || data === undefined) throw new Error(`This is no event: ${block}`);
      yield { event, data: JSON.parse(data) };
    }
  }
  if (rest !== '') throw new Error(`The stream ended within an event: ${rest}`);
}

export async function allEvents(response: Response): Promise<readonly ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of readEvents(response)) events.push(event);
  return events;
}
