/**
 * Classes of SQLSTATE that tell of a server which cannot work now, and not of a wrong statement: connection exceptions, wrong
 * passwords, lack of resources, interventions of an operator, a standby that takes no writes, and tables or columns that are
 * not there yet, which is a schema that another replica is just bringing up to date.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const UNAVAILABLE = /^(?:08|28|53|57)[0-9A-Z]{3}$|^25006$|^42(?:P01|703)$|^3D000$|^55P03$/;
const NETWORK = /^(?:ECONN|EHOST|ENET|ENOTFOUND|EAI_|EPIPE|ETIMEDOUT)/;
/** What the driver says without a code. */
const DRIVER = /timeout exceeded when trying to connect|connection terminated|query read timeout|after the end$/i;

/** Whether an error says that the database cannot be used now, so that trying again later makes sense. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { readonly code?: unknown };
  if (typeof code === 'string') return UNAVAILABLE.test(code) || NETWORK.test(code);
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnavailable);
  return DRIVER.test(error.message);
}
