import type { Measured } from '../core/measured.ts';
import type { Report } from '../core/report.ts';
import { safe } from './layout.ts';
import type { Reporter } from './reporter.ts';

interface Family {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const VERDICTS = ['ready', 'not-ready', 'unusable', 'unknown'] as const;

/**
 * A page for Prometheus, to be kept as a text file or served: the names of blackbox_exporter for what it measures too, and names of
 * our own for verdicts. Every label has few values: the checks, items and outcomes that there are, and the URLs that were given.
 */
export const prometheusReporter: Reporter = (report) =>
  [...probeFamilies(report), ...runFamilies(report)]
    .filter(({ samples }) => samples.length > 0)
    .map(familyText)
    .join('');

function probeFamilies({ sources, summary }: Report): readonly Family[] {
  const endpoints = sources.flatMap(({ name, target, measured }) =>
    name === 'endpoint' ? [{ target, measured: measured ?? { tls: target.startsWith('https:') } }] : [],
  );
  // One target is told apart by Prometheus itself, as it is with blackbox_exporter.
  const labelsOf = (target: string) => (endpoints.length > 1 ? { target } : {});
  const each = (value: (measured: Measured) => number | undefined): readonly Sample[] =>
    endpoints.flatMap(({ target, measured }) => {
      const told = value(measured);
      return told === undefined || !Number.isFinite(told) ? [] : [{ labels: labelsOf(target), value: told }];
    });
  return [
    {
      name: 'probe_success',
      help: 'Whether nothing that counts failed or is unknown.',
      samples: endpoints.length === 0 ? [] : [{ labels: {}, value: summary.exitCode === 0 ? 1 : 0 }],
    },
    {
      name: 'probe_duration_seconds',
      help: 'How long the whole probe took.',
      samples: each(({ tookMs }) => (tookMs === undefined ? undefined : tookMs / 1000)),
    },
    {
      name: 'probe_http_status_code',
      help: 'Status of the first answer of the readiness endpoint.',
      samples: each(({ httpStatus }) => httpStatus),
    },
    {
      name: 'probe_http_duration_seconds',
      help: 'Duration of the first request by phase.',
      samples: endpoints.flatMap(({ target, measured: { phasesMs = {} } }) =>
        Object.entries(phasesMs).map(([phase, ms]) => ({
          labels: { ...labelsOf(target), phase },
          value: Math.round(ms * 1000) / 1_000_000,
        })),
      ),
    },
    { name: 'probe_http_ssl', help: 'Whether TLS was used.', samples: each(({ tls }) => (tls ? 1 : 0)) },
    {
      name: 'probe_ssl_earliest_cert_expiry',
      help: 'When the first certificate ends, in seconds since 1970.',
      samples: each(({ certificateEnds }) =>
        certificateEnds === undefined ? undefined : Date.parse(certificateEnds) / 1000,
      ),
    },
    {
      name: 'probe_tls_version_info',
      help: 'The TLS version that was agreed on.',
      samples: endpoints.flatMap(({ target, measured: { tlsVersion } }) =>
        tlsVersion === undefined
          ? []
          : [{ labels: { ...labelsOf(target), version: tlsVersion.replace(/^TLSv/, 'TLS ') }, value: 1 }],
      ),
    },
  ];
}

function runFamilies({ command, tool, startedAt, summary, findings, items, sources }: Report): readonly Family[] {
  const startedSeconds = Date.parse(startedAt) / 1000;
  const outcomes = Map.groupBy(findings, ({ check, item, outcome }) => [check, item, outcome].map(escaped).join('\n'));
  const gaps = Map.groupBy(sources, ({ name }) => name);
  return [
    {
      name: 'qna_ready_info',
      help: 'The program that looked, and what it was asked to do.',
      samples: [{ labels: { command, version: tool.version }, value: 1 }],
    },
    {
      name: command === 'probe' ? 'qna_ready_last_probe_timestamp_seconds' : 'qna_ready_last_run_timestamp_seconds',
      help: 'When the look began on which this page is based.',
      samples: [{ labels: {}, value: startedSeconds }],
    },
    {
      name: 'qna_ready_verdict',
      help: 'The verdict of the run: 1 for the one that holds.',
      samples: VERDICTS.map((verdict) => ({ labels: { verdict }, value: summary.verdict === verdict ? 1 : 0 })),
    },
    {
      name: 'qna_ready_findings',
      help: 'Findings by outcome.',
      samples: (
        [
          ['pass', summary.pass],
          ['fail', summary.fail],
          ['unknown', summary.unknown],
          ['not-applicable', summary.notApplicable],
          ['waived', summary.waived],
        ] as const
      ).map(([outcome, value]) => ({ labels: { outcome }, value })),
    },
    {
      name: 'qna_ready_check_outcome',
      help: 'Findings of each check by outcome; an outcome that nothing had is left out.',
      samples: [...outcomes.values()].flatMap((same) => {
        const [first] = same;
        if (first === undefined) return [];
        const { check, item, outcome } = first;
        return [{ labels: { check, item, outcome }, value: same.length }];
      }),
    },
    {
      name: 'qna_ready_item_state',
      help: 'The state of each item of the checklist: 1 for the one that holds.',
      samples: items.map(({ id, state }) => ({ labels: { item: id, state }, value: 1 })),
    },
    {
      name: 'qna_ready_not_seen',
      help: 'Parts of the input that could not be observed.',
      samples: [...gaps].map(([source, same]) => ({
        labels: { source },
        value: same.reduce((sum, { notSeen }) => sum + notSeen.length, 0),
      })),
    },
  ];
}

function familyText({ name, help, samples }: Family): string {
  const lines = samples.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function escaped(text: string): string {
  return safe(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
