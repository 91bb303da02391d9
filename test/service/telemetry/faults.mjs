// Loaded before the service, in tests alone: does on a signal what nobody would build in.
const { CANARY = '' } = process.env;

process.on('SIGUSR2', () => {
  console.log('a library prints', { password: CANARY });
  console.error(`a library complains of Bearer ${CANARY}\n  on two lines`);
  process.stdout.write('half a line');
  process.emitWarning(`the key api_key=${CANARY} is old`, 'DeprecationWarning');
  const cause = Object.assign(new Error(`connect postgres://qna:${CANARY}@db/qna`), { code: 'ECONNREFUSED' });
  const fault = Object.assign(new Error(`Authorization: Basic ${CANARY}`, { cause }), {
    config: { headers: { Authorization: CANARY } },
  });
  if (process.env.FAULT === 'rejection') void Promise.reject(fault);
  else
    setImmediate(() => {
      throw fault;
    });
});
