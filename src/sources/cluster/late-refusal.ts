/**
 * What a kubelet says when it cannot read the log of a container. It has answered 200 by then, since Kubernetes 1.32 always, and
 * the sentence follows what it could read, where the container's own lines would be. A container ends its lines; the kubelet
 * does not end this one. https://github.com/kubernetes/kubernetes/issues/98236 shows it as people meet it.
 */
const REFUSALS = [
  /^unable to retrieve container logs for [a-z0-9.+-]+:\/\/\S*$/,
  /^failed to (?:try resolving symlinks in path|open log file|read log file) "[^"]*": .*$/,
  /^failed to (?:tail|seek) -?\d+ (?:lines of|in) log file "[^"]*": .*$/,
];

/** A log as it came, parted into what the container wrote and the sentence of a kubelet that could not go on. */
export function partLateRefusal(text: string): { readonly written: string; readonly refusal: string | undefined } {
  const start = text.lastIndexOf('\n') + 1;
  const last = text.slice(start);
  return REFUSALS.some((refusal) => refusal.test(last))
    ? { written: text.slice(0, start), refusal: last }
    : { written: text, refusal: undefined };
}
