import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { prometheusReporter } from '../../src/reporters/prometheus.ts';
import { checkMetrics, findPromtool, NO_PROMTOOL } from '../prometheus/find-promtool.ts';
import { EMPTY_REPORT, fullReport, HOSTILE_WORDS } from './reports.ts';

const PROMTOOL = await findPromtool();

const PROBED: Report = {
  ...fullReport('plain'),
  command: 'probe',
  sources: [
    {
      name: 'endpoint',
      target: 'https://qna.example.com',
      seen: {},
      notSeen: [],
      measured: {
        tookMs: 2345,
        phasesMs: { resolve: 1.5, connect: 2, tls: 11, processing: 4, transfer: 0.3 },
        httpStatus: 200,
        tls: true,
        tlsVersion: 'TLSv1.3',
        certificateEnds: '2027-01-01T00:00:00.000Z',
      },
    },
  ],
};

function told(report: Report): string {
  const text = prometheusReporter(report, { color: false, width: 100, verbose: false }, () => undefined);
  return typeof text === 'string' ? text : [...text].join('');
}

describe('the report for Prometheus', () => {
  it('tells of an endpoint under the names of blackbox_exporter', () => {
    const lines = told(PROBED).split('\n');
    for (const line of [
      'probe_success 0',
      'probe_duration_seconds 2.345',
      'probe_http_status_code 200',
      'probe_http_duration_seconds{phase="tls"} 0.011',
      'probe_http_ssl 1',
      `probe_ssl_earliest_cert_expiry ${Date.UTC(2027, 0, 1) / 1000}`,
      'probe_tls_version_info{version="TLS 1.3"} 1',
      `qna_ready_last_probe_timestamp_seconds ${Date.parse(PROBED.startedAt) / 1000}`,
      'qna_ready_verdict{verdict="not-ready"} 1',
      'qna_ready_check_outcome{check="probes/readiness-probe",item="2.3",outcome="fail"} 9',
    ])
      expect(lines).toContain(line);
  });

  it('tells several endpoints apart by their URL, and of no endpoint where there is none', () => {
    const [one] = PROBED.sources as [Report['sources'][number]];
    const two = told({ ...PROBED, sources: [one, { ...one, target: 'http://b:8080' }] });
    expect(two).toContain('probe_http_status_code{target="http://b:8080"} 200\n');
    expect(told(EMPTY_REPORT)).not.toMatch(/^probe_/m);
    expect(told(EMPTY_REPORT)).toContain('qna_ready_verdict{verdict="ready"} 1\n');
  });

  it.skipIf(PROMTOOL === undefined)(`is clean for promtool${PROMTOOL === undefined ? ` (${NO_PROMTOOL})` : ''}`, () => {
    const pages = [PROBED, EMPTY_REPORT, fullReport('plain'), ...HOSTILE_WORDS.map(fullReport)].map(told);
    for (const page of pages) expect(checkMetrics(PROMTOOL ?? '', page)).toEqual({ status: 0, output: '' });
  });
});
