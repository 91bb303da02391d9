import { migrate } from './database/migrations.ts';
import { type RunningService, startService } from './server.ts';
import { readSettings, type ServiceSettings, SettingsError } from './settings.ts';
import { createLogger, type Logger } from './telemetry/logging.ts';
import { reportFaults } from './telemetry/report-faults.ts';
import { createScrub, secretsOf } from './telemetry/scrub.ts';
import { startTracing, stopTracing } from './telemetry/start-tracing.ts';

/** Wrong settings, a fault that nothing could catch, or a stop that had to cut something off. */
const EXIT_FAULT = 1;
/** The order to stop came twice. */
const EXIT_FORCED = 130;

const TASKS = ['--check-config', 'migrate'];

const settings = settingsOrEnd();
if (settings !== undefined) {
  const scrub = createScrub(secretsOf(settings));
  const logger = createLogger({ level: settings.logLevel, format: settings.logFormat, scrub });
  reportFaults(logger, EXIT_FAULT);
  const [task] = process.argv.slice(2);
  if (task === '--check-config') logger.info('the settings hold; nothing was started');
  else {
    await startTracing(settings.tracing, scrub, logger);
    if (task === 'migrate') await migrateOnly(settings, logger);
    else await serve(settings, logger);
  }
}

function settingsOrEnd(): ServiceSettings | undefined {
  const format = process.env.LOG_FORMAT === 'ecs' ? 'ecs' : 'json';
  const logger = createLogger({ level: 'info', format, scrub: createScrub([]) });
  const [task, ...more] = process.argv.slice(2);
  try {
    if (more.length === 0 && (task === undefined || TASKS.includes(task))) return readSettings(process.env);
    logger.fatal(`the service knows the arguments ${TASKS.join(' and ')}, and one of them at most`);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    logger.fatal({ problems: error.problems }, error.message);
  }
  process.exitCode = EXIT_FAULT;
  return undefined;
}

async function serve(settings: ServiceSettings, logger: Logger): Promise<void> {
  const { promise: started, resolve } = Promise.withResolvers<RunningService>();
  stopOnOrder(started, logger);
  try {
    const service = await startService(settings, logger);
    resolve(service);
    process.send?.({
      url: `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${service.port}`,
    });
  } catch (err) {
    logger.fatal({ err }, `the service cannot listen on port ${settings.port}; free it, or set PORT to another`);
    process.exit(EXIT_FAULT);
  }
}

/** Listens for the order from the beginning: as process 1 of a container, an order that nobody listens for is lost. */
function stopOnOrder(started: Promise<RunningService>, logger: Logger): void {
  let ordered = false;
  const stop = (reason: string) => {
    if (ordered) {
      logger.fatal({ reason }, 'the order to stop came twice: ending at once');
      process.exit(EXIT_FORCED);
    }
    ordered = true;
    started
      .then((service) => service.stop(reason))
      .finally(() => stopTracing())
      .then(
        (whole) => process.exit(whole ? 0 : EXIT_FAULT),
        (err: unknown) => {
          logger.fatal({ err }, 'the service could not be stopped in order');
          process.exit(EXIT_FAULT);
        },
      );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  // A program that started us with a channel to itself and is gone will not send a signal any more.
  process.once('disconnect', () => {
    if (!ordered) stop('disconnect');
  });
}

async function migrateOnly(settings: ServiceSettings, logger: Logger): Promise<void> {
  try {
    await migrate(settings.databaseUrl, logger);
    logger.info('the schema is up to date');
  } catch (err) {
    logger.fatal({ err }, 'the schema could not be brought up to date');
    process.exitCode = EXIT_FAULT;
  }
}
