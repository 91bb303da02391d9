/**
 * What of a new remark speaks of the fault of a story, by the story's name. It is matched against `CHECK OBJECT: WORDS`, by the
 * same rule for every judge, and generously: the broken thing called by its name is enough, with the reason or without.
 */
export const FAULT_WORDS: Readonly<Record<string, RegExp>> = {
  'secret-deleted': /secret.*(?:not exist|non.?exist|missing|not found)|(?:unknown|non.?existing) secret/is,
  'key-renamed': /openai.(?:api.)?(?:key|token)/is,
  'secret-empty': /empty/i,
  'secret-changeme': /placeholder|changeme|default value/i,
  'password-in-configmap': /sensitive|password|credential/i,
  'configmap-deleted':
    /config.?map.*(?:not exist|non.?exist|missing|not found)|(?:unknown|non.?existing) config.?map/is,
  'setting-malformed': /CrashLoopBackOff/i,
  'probe-path-wrong': /readiness.*(?:fail|path|404)|404/is,
  'liveness-coupled': /liveness/i,
  'database-refuses': /readiness.*fail|50[03]|authentication/is,
  'image-missing': /ImagePull|ErrImage|image.*(?:pull|not found|not exist)/is,
  'rollout-hangs': /progress|deadline|rollout|desired but have|mismatch/i,
  'out-of-memory': /OOM|out of memory|memory.*(?:limit|threshold)/is,
  'drain-blocked': /disruption|pdb|MinAvailable/i,
  'one-replica': /replica|single (?:endpoint|pod)/i,
  'runs-as-root': /root|runAsNonRoot|runAsUser|UID/i,
  'plain-text-logs': /\blogs?\b/i,
  'key-in-log': /\blogs?\b/i,
  'metrics-frozen': /metrics/i,
  'metrics-unscraped': /prometheus|scrape/i,
  'claim-pending': /claim|storage ?class|pvc/i,
  'database-in-a-deployment': /StatefulSet|database/i,
  'backup-stale': /backup|CronJob.*(?:last|success|not run|failing)/is,
  'drill-failed': /job.*fail|fail.*job/is,
  'backup-suspended': /suspend/i,
  'policy-blocks-database': /network.?polic|policy/i,
  'tls-secret-missing': /secret|certificate|tls/i,
  'tls-expired': /certificate|expire|tls/i,
  'tls-three-days-left': /certificate|expire|tls/i,
  'tls-other-host': /certificate|host|tls/i,
  'tls-without-key': /certificate|\bkey\b|tls/i,
  'tls-key-of-another': /certificate|\bkey\b|tls/i,
  'issuer-unknown': /issuer|certificate|tls/i,
  'class-unserved': /class/i,
  'gateway-class-unserved': /class/i,
  'selector-misses': /(?:no|match).*selector|selector.*(?:no|match)|dangling/is,
  'target-port-misses': /port/i,
};

/** What a fault does to pods, workloads and addresses: whoever says only this has seen that something is wrong, and not what. */
export const EFFECT_WORDS =
  /not ready|is waiting|terminating|was restarted|unhappy|unhealthy|no associated endpoints|no subsets|single endpoint|CrashLoop|zero scale|available|pending/i;
