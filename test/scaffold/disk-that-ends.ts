import { DISK, type Disk } from '../../src/scaffold/disk.ts';

/** A disk on which everything goes well up to a step, counted from 0, and then `end` is called in its place. */
export function diskThatEnds(step: number, end: () => never): { readonly disk: Disk; readonly steps: () => number } {
  let steps = 0;
  const isEnd = () => steps++ === step;
  return {
    steps: () => steps,
    disk: {
      makeFolder: (folder) => (isEnd() ? end() : DISK.makeFolder(folder)),
      writeFile: (file, text, mode) => {
        if (!isEnd()) return DISK.writeFile(file, text, mode);
        // The worst moment: some of it is there.
        DISK.writeFile(file, text.slice(0, text.length / 2), mode);
        end();
      },
      move: (from, to) => (isEnd() ? end() : DISK.move(from, to)),
      remove: (path) => (isEnd() ? end() : DISK.remove(path)),
      removeEmptyFolder: (folder) => (isEnd() ? end() : DISK.removeEmptyFolder(folder)),
    },
  };
}
