import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followTemplate } from '../../src/sources/files/template-lines.ts';

const TEMPLATE = `{{- if .Values.enabled }}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "qna.fullname" . }}
  labels:
    {{- include "qna.labels" . | nindent 4 }}
spec:
  type: {{ .Values.service.type }}
  ports:
    {{- range .Values.service.ports }}
    - name: {{ .name }}
      port: {{ .port }}
      targetPort: {{ .name }}
    {{- end }}
  selector: {{- toYaml .Values.selector | nindent 4 }}
{{- end }}
`;

const RENDERED = `# Source: qna/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: release-qna
  labels:
    app: qna
    tier: web
spec:
  type: ClusterIP
  ports:
    - name: http
      port: 80
      targetPort: http
    - name: metrics
      port: 9090
      targetPort: metrics
  selector:
    app: qna
`;

describe('followTemplate', () => {
  const follow = followTemplate(TEMPLATE, RENDERED);

  it.each([
    ['a line without actions', 'kind: Service', 'kind: Service'],
    ['a value that an action prints', '  name: release-qna', '  name: {{ include "qna.fullname" . }}'],
    ['the first line that an action alone on its line prints', '    app: qna', 'include "qna.labels"'],
    ['the last line that it prints', '    tier: web', 'include "qna.labels"'],
    ['a line of the first round of a range', '      port: 80', '      port: {{ .port }}'],
    ['a line of the second round', '      port: 9090', '      port: {{ .port }}'],
    ['a key whose value is printed below it', '  selector:', '  selector: {{- toYaml'],
  ])('follows %s', (_, rendered, source) => {
    const line = RENDERED.split('\n').indexOf(rendered) + 1;
    const at = follow({ line, column: rendered.length - rendered.trimStart().length + 1 });
    const text = TEMPLATE.split('\n')[at.line - 1] ?? '';
    expect(text).toContain(source);
    expect(text.slice(at.column - 1)).toBe(text.trimStart());
  });

  it('counts the lines of an action that spans several', () => {
    const template = '{{/*\nA comment\nof three lines\n*/}}\nkind: Pod\n';
    expect(followTemplate(template, 'kind: Pod\n')({ line: 1, column: 7 })).toEqual({ line: 5, column: 7 });
  });

  it('gives every place of a text without actions back as it is', () => {
    const lines = fc.array(fc.stringMatching(/^ {0,6}[a-z]{1,8}: [a-z0-9]{1,8}$/), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(lines, fc.nat(), (text, nth) => {
        const line = (nth % text.length) + 1;
        const at = followTemplate(text.join('\n'), text.join('\n'))({ line, column: 1 });
        expect(text[at.line - 1]).toBe(text[line - 1]);
        expect(at.line).toBe(line);
      }),
    );
  });

  it('never leaves the template, whatever was printed', () => {
    const text = fc.array(fc.constantFrom('a: {{ .x }}', '{{ .y }}', 'b:', '  c: d', '', '{{ if .z }}', '{{ end }}'));
    fc.assert(
      fc.property(
        text,
        text,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        (a, b, line, column) => {
          const at = followTemplate(a.join('\n'), b.join('\n'))({ line, column });
          const rows = a.join('\n').split('\n');
          expect(at.line).toBeGreaterThanOrEqual(1);
          expect(at.line).toBeLessThanOrEqual(rows.length);
          expect(at.column).toBeGreaterThanOrEqual(1);
          expect(at.column).toBeLessThanOrEqual(Math.max(1, rows[at.line - 1]?.length ?? 1));
        },
      ),
    );
  });

  it('says something of a template that is too long to compare', () => {
    const long = `${'x: y\n'.repeat(3000)}needle: {{ .v }}\n`;
    expect(followTemplate(long, `${'x: y\n'.repeat(3000)}needle: 1\n`)({ line: 3001, column: 1 }).line).toBe(3001);
  });
});
