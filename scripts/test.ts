import { conclude, step, suite } from './steps.ts';

/** Everything, the cluster suite in the best tier that this machine can have. */
conclude([
  step('types'),
  step('lint'),
  step('unused'),
  step('generated'),
  step('build'),
  // Where a cluster is required, whatever it needs is built before any test could wait for it.
  ...(process.env.QNA_TEST_REQUIRE_CLUSTER === '1' ? [step('cluster:build')] : []),
  suite('unit'),
  suite('timed'),
  suite('cluster'),
]);
