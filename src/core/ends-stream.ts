/** Whether the last event is one by which services and providers end a stream, in success or in failure. */
export function endsStream(body: string): boolean {
  const last =
    body
      .trimEnd()
      .split(/\r?\n\r?\n/)
      .at(-1) ?? '';
  return (
    /^data:\s*\[DONE\]/m.test(last) ||
    /^event:\s*(?:\w+[._])?(?:done|end|ended|finish|finished|complete|completed|final|stop|message_stop|error|interrupted|aborted|cancelled)\s*$/im.test(
      last,
    ) ||
    /"(?:type|event|status)"\s*:\s*"(?:done|end|finish|complete|completed|final|stop|error|interrupted)"/.test(last) ||
    /"finish_reason"\s*:\s*"/.test(last)
  );
}
