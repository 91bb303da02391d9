import { faultOfLabelKey } from '../names.ts';
import { at, type Faults, type Field, isTrue, itemsOf, missing, refuse, textOf, unlessFine } from './field.ts';
import { faultOfSubdomain } from './text-rules.ts';

const STANDARD_FINALIZERS: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** k8s.io/apimachinery/pkg/api/validation, ValidateObjectMeta beyond names, labels and annotations. */
export function* metadataFaults(metadata: Field, hasFreeFinalizers: boolean): Faults {
  const owners = itemsOf(at(metadata, 'ownerReferences'));
  for (const owner of owners)
    for (const name of ['apiVersion', 'kind', 'name', 'uid'])
      if (textOf(at(owner, name)) === '') yield missing(at(owner, name), 'a part of every reference to an owner');
  const controllers = owners.filter((owner) => isTrue(at(owner, 'controller')));
  if (controllers.length > 1)
    yield refuse(at(metadata, 'ownerReferences'), 'two owners are controllers', 'one controller');
  for (const finalizer of itemsOf(at(metadata, 'finalizers')))
    yield* unlessFine(finalizer, faultOfFinalizer(textOf(finalizer), hasFreeFinalizers), 'a name with a domain');
  const namespace = at(metadata, 'namespace');
  if (textOf(namespace) !== '')
    yield* unlessFine(namespace, faultOfSubdomain(textOf(namespace)), 'the name of a namespace');
}

/** Only some kinds may have a finalizer without a domain, beside Kubernetes' own three. */
function faultOfFinalizer(name: string, isFree: boolean): string | undefined {
  const isKnown = name.includes('/') || STANDARD_FINALIZERS.has(name);
  return faultOfLabelKey(name) ?? (isFree || isKnown ? undefined : 'it has no domain');
}
