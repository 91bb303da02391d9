import { defineCheck } from '../../../core/check.ts';
import { isDatabase, readHealthBody } from '../health-body.ts';
import { isSuccess } from '../judge-endpoint.ts';

export const healthReadyDependenciesCheck = defineCheck({
  id: 'health/ready-dependencies',
  title: 'Readiness looks at the database',
  severity: 'error',
  why: 'A service that says it is ready while its database is away gets traffic that it can only answer with errors.',
  how: 'The body of the readiness endpoint must name a database among its components, in any of the known conventions, and must not answer 200 to 299 while it says that this database fails. A body that names no component at all proves nothing either way and is unknown: only an outage can tell, and where one was made (--outage-command) and readiness turned with it, this passes.',
  fix: 'Let the readiness endpoint ask the database with a short budget and name it in the body, such as {"status":"pass","checks":{"database":[{"status":"pass"}]}}; leave out hosts and error texts.',
  verify:
    'Run curl -s http://HOST/health/ready and look for the database. Stop the database in a test environment: the answer must turn 503, and back.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/',
    'https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check-05#section-4',
  ],
  needs: ['readyEndpoint'],
  evaluate: ({ readyEndpoint }) => {
    const [ready] = readyEndpoint.samples;
    const subject = `readiness endpoint ${readyEndpoint.path}`;
    // An answer of 503 has a body too, and names what it waits for.
    if (ready === undefined || (ready.status >= 300 && ready.status !== 503))
      return [
        { outcome: 'not-applicable', subject, message: 'There is no health answer to judge; health/ready says why.' },
      ];
    const { components, convention, failing } = readHealthBody(ready);
    const about = { subject, where: { request: ready.request }, expected: 'a component that is a database' };
    const databases = components.filter(isDatabase);
    const ignored = isSuccess(ready.status) ? failing.filter(isDatabase) : [];
    if (ignored.length > 0)
      return [
        {
          ...about,
          outcome: 'fail',
          message: `Readiness answers ${ready.status} although it says that ${ignored.join(', ')} fails, so traffic keeps coming.`,
          observed: `${convention}: ${ignored.join(', ')} fails`,
          expected: 'status 503 while the database fails',
        },
      ];
    if (databases.length > 0)
      return [
        {
          ...about,
          outcome: 'pass',
          message: `Readiness looks at ${databases.join(', ')}.`,
          observed: `${convention}: ${components.join(', ')}`,
        },
      ];
    if (components.length === 0 && readyEndpoint.turnedWithOutage === true)
      return [
        {
          ...about,
          outcome: 'pass',
          message: 'The body names no component; an outage showed that readiness turns with what was taken away.',
          observed: `${convention} without components, and an outage`,
        },
      ];
    if (components.length === 0)
      return [
        {
          ...about,
          outcome: 'unknown',
          message:
            'The body names no component, so it cannot be seen from outside whether readiness looks at the database.',
          observed: `${convention} without components`,
        },
      ];
    return [
      {
        ...about,
        outcome: 'fail',
        message: 'Readiness names its components, and no database is among them.',
        observed: `${convention}: ${components.join(', ')}`,
      },
    ];
  },
});
