import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** A provider that answers at once, so that what is measured is everything but the model, or after THINKS_MS. */
const thinksMs = Number(process.env.THINKS_MS ?? 0);
const ANSWER = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'stub',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Use pg_restore. [Backups]' } }],
  usage: { prompt_tokens: 40, completion_tokens: 8, total_tokens: 48 },
});
const server = createServer((request, response) => {
  request.resume().once('end', async () => {
    if (thinksMs > 0) await delay(thinksMs);
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(ANSWER) });
    response.end(ANSWER);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.send?.({ url: `http://127.0.0.1:${address.port}` });
});
process.once('disconnect', () => process.exit());
