// The way in on a fresh machine: plain JavaScript that an old Node can read. It installs what is missing, then runs the
// task under the Node that the project brings along.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [task, ...rest] = process.argv.slice(2);
const script = join(root, 'scripts', `${task}.ts`);
if (task === undefined || !existsSync(script)) {
  console.error(`run.mjs: there is no task ${task ?? '(none given)'}.`);
  process.exit(2);
}
install();
const bin = join(root, 'node_modules', '.bin');
const child = spawn(join(bin, 'node'), [script, ...rest], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
});
// Whoever orders the stop may know only this process, and it must not end before the task has.
for (const order of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(order, () => child.kill(order));
child.on('exit', (code, signal) => {
  if (signal !== null) console.error(`run.mjs: the task was ended by ${signal}.`);
  process.exitCode = code ?? 1;
});

/** Installs exactly what the lock file says, once for each lock file. */
function install() {
  const marker = join(root, 'node_modules', '.installed-for');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  console.error('Installing the packages of package-lock.json …');
  const npm = process.env.npm_execpath;
  const command = npm === undefined ? ['npm'] : [process.execPath, npm];
  const args = [...command.slice(1), 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync(command[0], args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (result.status !== 0) {
    console.error('run.mjs: the packages could not be installed; the reason stands above.');
    process.exit(result.status ?? 1);
  }
  writeFileSync(marker, wanted);
}
