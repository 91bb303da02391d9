import { startControlPlane } from './control-plane.ts';

// For the test that kills it: it starts a cluster, tells the run's folder, and never stops anything.
const { folder } = await startControlPlane();
process.stdout.write(`${folder}\n`);
setInterval(() => {}, 60_000);
