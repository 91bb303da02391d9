#!/usr/bin/env node
// Old versions of Node cannot even load the program, so the guard stands before every import of it.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`qna-ready: it needs Node.js 22.19 or later, and this is ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  const { enableCompileCache } = await import('node:module');
  enableCompileCache();
  const { runProcess } = await import('../src/process.ts');
  await runProcess();
}
