import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';

/**
 * Prints the manifest by which krew installs `kubectl qna-ready`, for the package that was given: `node scripts/krew-manifest.ts
 * qna-ready-1.0.0.tgz`. It names the archive of the release of that version, and its digest.
 */
const [archive] = process.argv.slice(2);
if (archive === undefined) throw new Error('Give the package that was packed: node scripts/krew-manifest.ts FILE.tgz');
const { version, description, homepage, repository } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'),
) as {
  readonly version: string;
  readonly description: string;
  readonly homepage: string;
  readonly repository: { readonly url: string };
};
const place = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
const platforms = ['linux', 'darwin'].flatMap((os) =>
  ['amd64', 'arm64'].map((arch) => ({
    selector: { matchLabels: { os, arch } },
    uri: `${place}/releases/download/v${version}/${basename(archive)}`,
    sha256: createHash('sha256').update(readFileSync(archive)).digest('hex'),
    bin: 'package/dist/qna-ready.js',
  })),
);
process.stdout.write(
  stringify(
    {
      apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
      kind: 'Plugin',
      metadata: { name: 'qna-ready' },
      spec: {
        version: `v${version}`,
        homepage: homepage.replace(/#.*$/, ''),
        shortDescription: 'Tell whether an LLM service is ready for production',
        description: `${description}\nIt reads what its checks need and changes nothing; kubectl qna-ready audit --print-rbac prints the least roles.\n`,
        caveats: 'It needs Node.js 22.19 or later on the PATH.\n',
        platforms,
      },
    },
    { lineWidth: 0 },
  ),
);
