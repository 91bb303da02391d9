import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_NAME } from './kubelet.ts';

// Nobody makes new volumes, and one that was used is not given again, so there are enough for a whole run.
const VOLUMES = 120;

/** The default StorageClass and its volumes: folders of the node, so that data survives pods, and fsGroup is applied. */
export function storageManifests(folder: string): string {
  const volumes = Array.from({ length: VOLUMES }, (_, index) => {
    const name = `local-${String(index + 1).padStart(3, '0')}`;
    const path = join(folder, 'volumes', name);
    mkdirSync(path, { recursive: true });
    return {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name },
      spec: {
        capacity: { storage: '50Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: 'standard',
        local: { path },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [onNode] }] } },
      },
    };
  });
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [standardClass, ...volumes] });
}

const onNode = { key: 'kubernetes.io/hostname', operator: 'In', values: [NODE_NAME] };

const standardClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'kubernetes.io/no-provisioner',
  volumeBindingMode: 'WaitForFirstConsumer',
};
