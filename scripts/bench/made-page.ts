const BOUNDS = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '+Inf'];
const ROUTES = 20;

/**
 * A page of metrics of at least so many bytes, made as it is read, family by family (32 kB each). Each family is another
 * histogram, with the routes, buckets and values of a service.
 */
export function* madePage(bytes: number): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let made = 0;
  for (let family = 0; made < bytes; family += 1) {
    const piece = encoder.encode(madeFamily(family));
    made += piece.length;
    yield piece;
  }
}

function madeFamily(family: number): string {
  const name = `http_request_duration_${family}_seconds`;
  const lines = [`# HELP ${name} How long requests took.`, `# TYPE ${name} histogram`];
  for (let route = 0; route < ROUTES; route += 1) {
    const labels = `method="GET",route="/v1/conversations/{id}/part-${route}"`;
    let count = 0;
    for (const bound of BOUNDS) {
      count += (family * 7 + route * 3) % 1000;
      lines.push(`${name}_bucket{${labels},le="${bound}"} ${count}`);
    }
    lines.push(`${name}_sum{${labels}} ${(count * 0.0371).toFixed(6)}`, `${name}_count{${labels}} ${count}`);
  }
  return `${lines.join('\n')}\n`;
}
