import { migrate } from './database/migrations.ts';
import { createPool } from './database/pools.ts';
import { startService } from './server.ts';
import { readSettings, type ServiceSettings, SettingsError } from './settings.ts';
import { createLogger, type Logger } from './telemetry/logging.ts';
import { reportFaults } from './telemetry/report-faults.ts';
import { createScrub, secretsOf } from './telemetry/scrub.ts';
import { startTracing, stopTracing } from './telemetry/start-tracing.ts';

/** Wrong settings, or a fault that nothing could catch. */
const EXIT_FAULT = 1;
/** The order to stop came twice. */
const EXIT_FORCED = 130;

const settings = settingsOrEnd();
if (settings !== undefined) {
  const scrub = createScrub(secretsOf(settings));
  const logger = createLogger({
    level: settings.logLevel,
    format: settings.logFormat,
    scrub,
  });
  reportFaults(logger, EXIT_FAULT);
  await startTracing(settings.tracing, scrub, logger);
  if (process.argv[2] === 'migrate') await migrateOnly(settings, logger);
  else await serve(settings, logger);
}

function settingsOrEnd(): ServiceSettings | undefined {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const format = process.env.LOG_FORMAT === 'ecs' ? 'ecs' : 'json';
    const logger = createLogger({ level: 'info', format, scrub: createScrub([]) });
    for (const problem of error.problems) logger.fatal(problem);
    process.exitCode = EXIT_FAULT;
    return undefined;
  }
}

async function serve(settings: ServiceSettings, logger: Logger): Promise<void> {
  const service = await startService(settings, logger);
  let ordered = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (ordered) process.exit(EXIT_FORCED);
      ordered = true;
      service
        .stop()
        .finally(() => stopTracing())
        .then(
          () => process.exit(0),
          (err: unknown) => {
            logger.fatal({ err }, 'the service could not be stopped in order');
            process.exit(EXIT_FAULT);
          },
        );
    });
}

async function migrateOnly(settings: ServiceSettings, logger: Logger): Promise<void> {
  const pool = createPool(settings.databaseUrl, 1, logger);
  try {
    await migrate(pool, logger);
    logger.info('the schema is up to date');
  } catch (err) {
    logger.fatal({ err }, 'the schema could not be brought up to date');
    process.exitCode = EXIT_FAULT;
  } finally {
    await pool.end();
  }
}
