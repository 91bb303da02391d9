import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ImageOptions, imageArchive } from './image-archive.ts';

/** Images that every node has. There is no registry, so pods must say `imagePullPolicy: IfNotPresent`. */
export const IMAGES = { pause: 'qna-ready.test/pause:1', busybox: 'qna-ready.test/busybox:1' } as const;

export const BUSYBOX = '/bin/busybox';

/** Writes the archives of the images that every node has; gives their paths. */
export function writeImages(folder: string, pauseBinary: string): readonly string[] {
  return [pauseImage(pauseBinary), busyboxImage()].map((image, index) => {
    const file = join(folder, `image-${index}.tar`);
    writeFileSync(file, imageArchive(image));
    return file;
  });
}

function pauseImage(binary: string): ImageOptions {
  return {
    reference: IMAGES.pause,
    files: [{ path: 'pause', mode: 0o755, content: readFileSync(binary) }],
    command: ['/pause'],
    user: '65535:65535',
  };
}

/** A shell, an HTTP server, a client and the small tools, for stand-ins. */
function busyboxImage(): ImageOptions {
  const applets = execFileSync(BUSYBOX, ['--list'], { encoding: 'utf8' }).trim().split('\n');
  return {
    reference: IMAGES.busybox,
    files: [
      { path: 'bin/', mode: 0o755 },
      { path: 'etc/', mode: 0o755 },
      { path: 'tmp/', mode: 0o1777 },
      { path: 'etc/passwd', mode: 0o644, content: 'root:x:0:0::/:/bin/sh\nqna:x:10001:10001::/:/bin/sh\n' },
      // A static program may not load a resolver's modules; without this it would try, and crash.
      { path: 'etc/nsswitch.conf', mode: 0o644, content: 'hosts: files dns\n' },
      { path: 'etc/group', mode: 0o644, content: 'root:x:0:\nqna:x:10001:\n' },
      { path: 'bin/busybox', mode: 0o755, content: readFileSync(BUSYBOX) },
      ...applets
        .filter((applet) => applet !== 'busybox')
        .map((applet) => ({ path: `bin/${applet}`, mode: 0o777, linkTo: 'busybox' })),
    ],
    command: ['/bin/sh'],
  };
}
