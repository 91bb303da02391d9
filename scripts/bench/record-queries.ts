import pg from 'pg';

export interface RecordedQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Records what the driver is asked on the connections of the service's own pool, while some work runs in this process. */
export async function recordQueries(work: () => Promise<unknown>): Promise<readonly RecordedQuery[]> {
  const recorded: RecordedQuery[] = [];
  const { query } = pg.Client.prototype;
  const spy = function (this: pg.Client, ...args: readonly unknown[]): unknown {
    const { connectionParameters } = this as unknown as {
      readonly connectionParameters: { application_name?: string };
    };
    const [first, second] = args as [string | pg.QueryConfig, unknown];
    if (connectionParameters.application_name === 'qna') {
      const text = typeof first === 'string' ? first : first.text;
      const values = typeof first === 'string' ? second : (first.values ?? second);
      recorded.push({ text, values: Array.isArray(values) ? values : [] });
    }
    return Reflect.apply(query, this, args);
  };
  Object.assign(pg.Client.prototype, { query: spy });
  try {
    await work();
  } finally {
    Object.assign(pg.Client.prototype, { query });
  }
  return recorded;
}
