import { createServer } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** One finished request, as it is counted. */
export interface CountedRequest {
  readonly method: string;
  /** The route's template, never the path that was asked for. */
  readonly route: string;
  readonly status: number;
  /** How long it took; null for streams, which take as long as their readers like. */
  readonly seconds: number | null;
  readonly operation?: { readonly name: string | null; readonly type: string };
  readonly code?: string;
}

export interface Metrics {
  /** Where other parts of the portal register what they count. */
  readonly registry: Registry;
  requestBegan(): void;
  requestEnded(request: CountedRequest): void;
  /** Has the open streams of subscriptions counted. */
  countStreams(count: () => number): void;
}

/** Callers choose the names of their operations, so only so many different ones, and only short ones, get a series. */
const mostNames = 200;
const longestName = 60;
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Counter({
    name: 'sallyport_http_requests_total',
    help: 'Requests answered, by route and status.',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const seconds = new Histogram({
    name: 'sallyport_http_request_seconds',
    help: 'How long requests took, by route.',
    labelNames: ['route'],
    buckets,
    registers,
  });
  const inFlight = new Gauge({
    name: 'sallyport_http_requests_in_flight',
    help: 'Requests being answered now.',
    registers,
  });
  const operations = new Counter({
    name: 'sallyport_graphql_operations_total',
    help: 'GraphQL operations answered, by name and the first error code (OK when there is none).',
    labelNames: ['operation', 'type', 'code'],
    registers,
  });
  const operationSeconds = new Histogram({
    name: 'sallyport_graphql_operation_seconds',
    help: 'How long GraphQL operations took, by name.',
    labelNames: ['operation', 'type'],
    buckets,
    registers,
  });
  const nameOf = boundedNames();

  return {
    registry,
    requestBegan: () => inFlight.inc(),
    requestEnded(request) {
      inFlight.dec();
      requests.inc({ method: request.method, route: request.route, status: request.status });
      if (request.seconds !== null) seconds.observe({ route: request.route }, request.seconds);
      if (!request.operation) return;
      const operation = nameOf(request.operation.name);
      const { type } = request.operation;
      operations.inc({ operation, type, code: request.code ?? 'OK' });
      if (request.seconds !== null) operationSeconds.observe({ operation, type }, request.seconds);
    },
    countStreams(count) {
      new Gauge({
        name: 'sallyport_streams',
        help: 'Streams of subscriptions that are open now.',
        registers,
        collect() {
          this.set(count());
        },
      });
    },
  };
}

function boundedNames(): (name: string | null) => string {
  const known = new Set<string>();
  return (name) => {
    if (name === null) return 'anonymous';
    if (known.has(name)) return name;
    if (name.length > longestName || known.size >= mostNames) return 'other';
    known.add(name);
    return name;
  };
}

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers /metrics for Prometheus on a port of its own, only on this machine. Port 0 lets the system choose one. */
export async function serveMetrics(metrics: Metrics, port: number): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
