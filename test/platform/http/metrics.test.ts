import { afterAll, describe, expect, it } from '@jest/globals';
import { createMetrics, serveMetrics } from '../../../src/platform/metrics.js';
import { closeAll, serve, signal, testSchema } from './served.js';

const closing: (() => Promise<void>)[] = [closeAll];
afterAll(() => Promise.all(closing.map((close) => close())));

async function measured() {
  const metrics = createMetrics();
  const pages = await serveMetrics(metrics, 0);
  closing.push(pages.close);
  return { metrics, read: async () => (await fetch(pages.url)).text(), url: pages.url };
}

describe('metrics', () => {
  it('count operations by name and outcome, and requests by route and status', async () => {
    const { metrics, read } = await measured();
    const served = await serve({ metrics });
    await served.query('query Greet { hello }');
    await served.query('query Greet { hello }');
    await served.query('query Greet { fails: me { id } }');
    await served.query('{ hello }');
    await served.query('query Wrong { nope }');
    await fetch(`${served.url}/some/secret/path`);
    await served.line({ status: 404 });
    const text = await read();
    expect(text).toMatch('sallyport_graphql_operations_total{operation="Greet",type="query",code="OK"} 3');
    expect(text).toMatch('sallyport_graphql_operations_total{operation="anonymous",type="query",code="OK"} 1');
    expect(text).toMatch('sallyport_http_requests_total{method="POST",route="/graphql",status="400"} 1');
    expect(text).toMatch('sallyport_http_requests_total{method="GET",route="none",status="404"} 1');
    expect(text).toMatch('sallyport_http_request_seconds_count{route="/graphql"} 5');
    expect(text).toMatch('sallyport_http_requests_in_flight 0');
    expect(text).toMatch('process_cpu_seconds_total');
    expect(text).not.toMatch('secret');
  });

  it('count errors by their code', async () => {
    const { metrics, read } = await measured();
    const served = await serve({
      metrics,
      schema: testSchema({
        fails: () => {
          throw new Error('x');
        },
      }),
    });
    await served.query('query Broken { fails }');
    await served.line({ msg: 'request' });
    expect(await read()).toMatch(
      'sallyport_graphql_operations_total{operation="Broken",type="query",code="INTERNAL_SERVER_ERROR"} 1',
    );
  });

  it('tell how many requests are under way', async () => {
    const { metrics, read } = await measured();
    const begun = signal();
    const goOn = signal();
    const hello = async () => {
      begun.send();
      await goOn.promise;
    };
    const served = await serve({ metrics, schema: testSchema({ hello }) });
    const underWay = served.query('{ hello }');
    await begun.promise;
    expect(await read()).toMatch('sallyport_http_requests_in_flight 1');
    goOn.send();
    await underWay;
  });

  it('keep to 200 names, and to short ones, whatever callers call their operations', async () => {
    const { metrics, read } = await measured();
    const count = (name: string) => {
      metrics.requestBegan();
      const operation = { name, type: 'query' };
      metrics.requestEnded({ method: 'POST', route: '/graphql', status: 200, seconds: 0.01, operation });
    };
    count('x'.repeat(61));
    for (let n = 0; n < 300; n += 1) count(`Name${n}`);
    const text = await read();
    const names = new Set([...text.matchAll(/operations_total\{operation="([^"]*)"/g)].map((match) => match[1]));
    expect(names.size).toBe(201);
    expect(text).toMatch('sallyport_graphql_operations_total{operation="other",type="query",code="OK"} 101');
  });

  it('are answered at one address, on this machine only', async () => {
    const { url } = await measured();
    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect((await fetch(url.replace('/metrics', '/'))).status).toBe(404);
  });
});
