import type { Settings } from '../../core/settings.ts';
import { databaseImage } from '../../kubernetes/database-image.ts';
import { playing, type RoleFacts, rolesOf } from '../../kubernetes/roles.ts';
import { containersOf, type Workload, type WorkloadContainer } from '../../kubernetes/workload.ts';

export function databasesOf(facts: RoleFacts, settings: Settings): readonly Workload[] {
  return playing('database', rolesOf(facts, settings));
}

/** The container that runs the database itself, and not its exporter. */
export function databaseContainer(workload: Workload): WorkloadContainer | undefined {
  const main = containersOf(workload).filter(({ role }) => role === 'main');
  return main.find(({ container }) => databaseImage(container.image) !== undefined) ?? main[0];
}
