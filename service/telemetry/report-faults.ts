import { captureOutput } from './capture-output.ts';
import type { Logger } from './logging.ts';

/**
 * Makes log lines of all that Node would print as plain text: warnings, whatever libraries print, and the error that ends the
 * process. What V8 prints as it runs out of memory comes from below JavaScript and stays plain text on standard error.
 */
export function reportFaults(logger: Logger, exitCode: number): void {
  captureOutput(logger);
  process.removeAllListeners('warning');
  process.on('warning', (err) => logger.warn({ err }, 'a warning of Node'));
  const end = (err: unknown) => {
    try {
      logger.fatal({ err }, 'the service ends: an error was not handled');
    } finally {
      process.exit(exitCode);
    }
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
