import type { AnswerName, Answers } from './answers.ts';

/** What a person is asked on a terminal. All other answers have defaults that few change. */
export interface Question {
  readonly name: AnswerName;
  readonly message: string;
  /** Without choices the answer is typed. */
  readonly choices?: readonly Choice[];
  /** Whether it is asked at all, by the answers before it. */
  readonly when?: (answers: Answers) => boolean;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export const QUESTIONS: readonly Question[] = [
  { name: 'name', message: 'What is the service called?' },
  { name: 'namespace', message: 'Which namespace does it run in?' },
  { name: 'image', message: 'Which image does it run?' },
  { name: 'port', message: 'Which port does it listen on?' },
  { name: 'host', message: 'Which host name do people reach it by?' },
  { name: 'ingressClass', message: 'Which class has the ingress controller?' },
  { name: 'clusterIssuer', message: 'Which ClusterIssuer of cert-manager signs the certificate?' },
  { name: 'storageSize', message: 'How much space does the database need?' },
  {
    name: 'monitoring',
    message: 'How are the metrics scraped?',
    choices: [
      { value: 'annotations', label: 'by annotations of the pods' },
      { value: 'operator', label: 'by the Prometheus Operator, with alerts' },
    ],
  },
];
