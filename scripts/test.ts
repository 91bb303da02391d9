import { conclude, step, suite } from './steps.ts';

/** Everything, the cluster suite in the best tier that this machine can have. */
conclude([
  step('types'),
  step('lint'),
  step('unused'),
  step('generated'),
  step('build'),
  suite('unit'),
  suite('cluster'),
]);
