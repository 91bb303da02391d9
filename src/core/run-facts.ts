import type { Exchange, MetricsActivity } from './endpoint-facts.ts';
import type { Timeline } from './timeline.ts';

/** What a service did while something was done to it on purpose. Each is observed only where a person asks for it. */
export interface RunFacts {
  readonly outageRun: OutageRun;
  readonly drainRun: DrainRun;
  readonly questionRun: QuestionRun;
  readonly loadRun: LoadRun;
}

/** A dependency was taken away and given back by commands of the person. Times are those of the timeline. */
export interface OutageRun {
  /** Its series are `liveness` and `readiness`. */
  readonly timeline: Timeline;
  /** `GET http://127.0.0.1:8080/health/live`. */
  readonly live: string;
  readonly ready: string;
  readonly outage: CommandRun;
  readonly recovery: CommandRun;
  /** How long one answer may take: as long as the kubelet waits for it by default. */
  readonly answerMs: number;
  /** How long readiness may take to say no, and after the recovery to say yes again. */
  readonly boundMs: number;
}

export interface CommandRun {
  readonly startedMs: number;
  readonly endedMs: number;
  /** 0 is success; a word where it was ended: `SIGTERM`, `too slow`. */
  readonly ended: number | string;
}

/** The service was told to stop. Times are those of the timeline. */
export interface DrainRun {
  /** Its series are `liveness`, `readiness` and `port`. */
  readonly timeline: Timeline;
  /** `SIGTERM to process 4711`, or the command. */
  readonly order: string;
  readonly orderedMs: number;
  readonly graceMs: number;
  readonly live: string;
  readonly ready: string;
  /** Where a command gave the order: 0 is success. */
  readonly command?: CommandRun;
  /** Every request that was under way when the order was given, or that was sent after it. */
  readonly requests: readonly DrainRequest[];
  /** When a connection was refused for the first time. */
  readonly portClosedMs?: number;
  /** Where a process was named: when it was there no more. */
  readonly exitedMs?: number;
  /** A process was named, so that its end can be seen. */
  readonly watchesProcess: boolean;
}

export interface DrainRequest {
  /** `question` is the caller's own; the others are what balancers and kubelets ask. */
  readonly kind: 'liveness' | 'readiness' | 'question';
  readonly sentMs: number;
  readonly endedMs: number;
  readonly status?: number;
  /** The header Connection of the answer, lower case; absent where there was none. */
  readonly connection?: string;
  /** `reset`: a connection was made, and no whole answer came over it. */
  readonly failure?: 'refused' | 'reset' | 'too-slow';
  /** Of an answer in events: whether its last one is known to end a stream. */
  readonly lastEvent?: 'terminal' | 'unknown';
}

/** The caller's own question, asked as a browser asks that wants to read along. */
export interface QuestionRun {
  readonly streamed: StreamedAnswer;
  /** The page of metrics before and after; absent where it could not be read. */
  readonly metrics?: { readonly before: Exchange; readonly after: Exchange };
  readonly cancelled: CancelledQuestion | undefined;
}

export interface StreamedAnswer {
  readonly request: string;
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly pieces: readonly AnswerPiece[];
  /** `cut`: the connection broke; `hung-up`: we had seen enough. */
  readonly end: 'complete' | 'cut' | 'hung-up' | 'too-slow';
  readonly endedMs: number;
}

export interface AnswerPiece {
  /** Since the request was sent. */
  readonly atMs: number;
  readonly bytes: number;
}

/** The question was asked, and hung up on at the first piece of its answer. */
export interface CancelledQuestion {
  readonly firstPieceMs: number;
  /** Before the question. */
  readonly before: Exchange;
  /** While it was being answered. */
  readonly during: Exchange;
  /** After the hang-up, in the order of time. */
  readonly after: readonly { readonly sinceMs: number; readonly page: Exchange }[];
}

/** Requests at a fixed rate, whatever the answers do. */
export interface LoadRun {
  readonly request: string;
  /** It is a health endpoint that was asked, so that the budget of the kubelet applies. */
  readonly isHealth: boolean;
  readonly ratePerSecond: number;
  readonly durationMs: number;
  readonly planned: number;
  /** Were not sent, because too many were already under way. */
  readonly dropped: number;
  /** Since the time at which each was due, so that a stall counts for every request that it held up. */
  readonly latencyMs: Percentiles | undefined;
  /** Since the request was sent: what the service itself can know. */
  readonly serviceMs: Percentiles | undefined;
  /** How late this machine sent the latest of them: what it adds to every figure where it is busy. */
  readonly latestSentMs: number;
  /** How many of each: `2xx`, `503`, `refused`, `reset`, `too slow`. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** The page of metrics before and after; absent where it could not be read. */
  readonly metrics?: Pick<MetricsActivity, 'before' | 'after' | 'replicas'>;
}

export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}
