import { createServer } from 'node:http';

/** The least that an HTTP server of Node can do: what every other figure is held against. */
const BODY = JSON.stringify({
  status: 'pass',
  time: '2026-01-01T00:00:00.000Z',
  version: '0.0.0',
  note: 'x'.repeat(40),
});
const server = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(BODY) });
  response.end(BODY);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.send?.({ url: `http://127.0.0.1:${address.port}` });
});
process.once('disconnect', () => process.exit());
