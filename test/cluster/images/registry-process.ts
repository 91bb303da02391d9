import { startRegistry } from './registry.ts';

// The registry as a process of the run: STORE HOST PORT.
const [store = '', host = '', port = ''] = process.argv.slice(2);
await startRegistry(store, host, Number(port));
