import { conclude, step, suite } from './steps.ts';

/** Everything that is quick: what a developer runs before a commit. */
conclude([step('types'), step('lint'), step('unused'), step('generated'), suite('unit')]);
