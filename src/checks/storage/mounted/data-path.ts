import type { ConfigMap } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { type DatabaseImage, databaseImage } from '../../../kubernetes/database-image.ts';
import { settingOf } from '../../../kubernetes/environment.ts';
import type { WorkloadContainer } from '../../../kubernetes/workload.ts';

/** Where a database keeps its data, and how that is known. */
export type DataPath =
  | { readonly known: true; readonly path: string; readonly because: string; readonly image: DatabaseImage | undefined }
  | { readonly known: false; readonly reason: string };

/** A variable that is said counts before what the image's version implies. */
export function dataPathOf(container: WorkloadContainer, configMaps: readonly Resource<ConfigMap>[]): DataPath {
  const reference = container.container.image;
  const image = databaseImage(reference);
  const variable = image?.pathVariable ?? (image === undefined ? 'PGDATA' : undefined);
  const said = variable === undefined ? undefined : settingOf(container, variable, configMaps);
  if (said !== undefined)
    return said.value === undefined
      ? { known: false, reason: `${variable} comes from where this cannot look: ${said.source}` }
      : { known: true, path: said.value, because: `${variable} says so`, image };
  if (image?.dataPath !== undefined)
    return {
      known: true,
      path: image.dataPath,
      because:
        image.major === undefined
          ? `${image.product} keeps it there`
          : `${image.product} ${image.major} keeps it there`,
      image,
    };
  return {
    known: false,
    reason:
      image === undefined
        ? `where the image ${reference ?? '(none)'} keeps its data is not known here`
        : `the image ${reference} does not name its major version, and PostgreSQL 18 moved the data`,
  };
}

/** The folder is the other, or lies below it. */
export function liesUnder(path: string, folder: string): boolean {
  const [inner, outer] = [path, folder].map((text) => `${text.replace(/\/+/g, '/').replace(/\/$/, '')}/`);
  return inner !== undefined && outer !== undefined && inner.startsWith(outer);
}
