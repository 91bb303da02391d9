import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImageOptions, writeImageLayout } from './image-layout.ts';
import { publishImage } from './image-store.ts';

/** Images that every node has. */
export const IMAGES = { pause: 'qna-ready.test/pause:1', busybox: 'qna-ready.test/busybox:1' } as const;

export const BUSYBOX = '/bin/busybox';

/** Publishes the images that every node has. */
export function publishBasicImages(store: string, pauseBinary: string): void {
  publish(store, IMAGES.pause, {
    layers: [[{ path: 'pause', mode: 0o755, content: readFileSync(pauseBinary) }]],
    entrypoint: ['/pause'],
    user: '65535:65535',
  });
  publish(store, IMAGES.busybox, busyboxImage());
}

function publish(store: string, reference: string, image: ImageOptions): void {
  const layout = mkdtempSync(join(tmpdir(), 'qna-image-'));
  try {
    writeImageLayout(layout, image);
    publishImage(store, reference, layout);
  } finally {
    rmSync(layout, { recursive: true, force: true });
  }
}

/** A shell, an HTTP server, a client and the small tools, for stand-ins. */
function busyboxImage(): ImageOptions {
  const applets = execFileSync(BUSYBOX, ['--list'], { encoding: 'utf8' }).trim().split('\n');
  const files = [
    { path: 'bin/', mode: 0o755 },
    { path: 'etc/', mode: 0o755 },
    { path: 'tmp/', mode: 0o1777 },
    { path: 'etc/passwd', mode: 0o644, content: 'root:x:0:0::/:/bin/sh\nqna:x:10001:10001::/:/bin/sh\n' },
    // A static program may not load a resolver's modules; without this it would try, and crash.
    { path: 'etc/nsswitch.conf', mode: 0o644, content: 'hosts: files dns\n' },
    { path: 'etc/group', mode: 0o644, content: 'root:x:0:\nqna:x:10001:\n' },
    { path: 'bin/busybox', mode: 0o755, content: readFileSync(BUSYBOX) },
  ];
  const links = applets
    .filter((applet) => applet !== 'busybox')
    .map((applet) => ({ path: `bin/${applet}`, mode: 0o777, linkTo: 'busybox' }));
  return { layers: [[...files, ...links]], entrypoint: ['/bin/sh'] };
}
