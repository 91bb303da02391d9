import { LLMock } from '@copilotkit/aimock';

/** A model behind the API of OpenAI, on the address that is given; the first line says where. It ends with its standard input. */
const host = process.argv[2] ?? '127.0.0.1';
const provider = new LLMock({ host, port: 0 });
provider.on({ hasToolResult: false }, { toolCalls: [{ name: 'search_documents', arguments: '{"query":"backup"}' }] });
provider.on({ hasToolResult: true }, { content: 'A backup is restored with pg_restore. [Backups]' });
await provider.start();
process.stdout.write(`${provider.url}\n`);
process.stdin.resume().once('end', () => process.exit(0));
