import { startInnerRelay, startOuterRelay } from './relay.ts';

// The relay as a process of the run: `inner SOCKET` within the namespace, `outer SOCKET HOST TARGET-PORT PORT` outside.
const [mode = '', socketPath = '', host = '', targetPort = '', port = ''] = process.argv.slice(2);
if (mode === 'inner') await startInnerRelay(socketPath);
else await startOuterRelay(socketPath, host, Number(targetPort), Number(port));
