import { applyScaffold, planScaffold } from '../../src/scaffold/scaffold.ts';
import { diskThatEnds } from './disk-that-ends.ts';

/** Runs init in a folder, and is killed by the system at a step: nothing of it can clean up after that. */
const [root = '', step = '', host = ''] = process.argv.slice(2);
const { disk } = diskThatEnds(Number(step), () => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('The process outlived SIGKILL.');
});
applyScaffold(root, planScaffold(root, { host }), disk);
