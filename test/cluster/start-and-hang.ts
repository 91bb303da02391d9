import { startCluster } from './start-cluster.ts';

// For the test that kills it: it starts a cluster of the tier that is named, tells the run's folder, and stops nothing.
const { folder } = await startCluster(process.argv[2] === 'node' ? 'node' : 'control-plane');
process.stdout.write(`${folder}\n`);
setInterval(() => {}, 60_000);
