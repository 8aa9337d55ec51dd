import { afterAll, describe, expect, it } from '@jest/globals';
import { closeAll, serve } from './served.js';

afterAll(closeAll);

describe('the GraphQL page', () => {
  it('loads only files that the portal serves itself', async () => {
    const served = await serve({ page: true });
    const page = await fetch(`${served.url}/`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const html = await page.text();
    const links = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(4);
    for (const link of links.filter((one) => one !== 'data:,')) {
      expect(link).toMatch(/^\/graphiql\/[\w.-]+$/);
      const file = await fetch(`${served.url}${link}`);
      expect(file.status).toBe(200);
      expect(file.headers.get('x-content-type-options')).toBe('nosniff');
      expect(file.headers.get('content-type')).toBe(
        `text/${link.endsWith('.css') ? 'css' : 'javascript'}; charset=utf-8`,
      );
      expect((await file.text()).length).toBeGreaterThan(20);
    }
  });

  it('allows no script of its own text and no other host', async () => {
    const served = await serve({ page: true });
    const page = await fetch(`${served.url}/`);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch("default-src 'none'; script-src 'self';");
    expect(policy).toMatch("connect-src 'self'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
    expect(await page.text()).not.toMatch(/<script>|<script [^>]*>[^<]|https?:/);
  });

  it('is not there where it is turned off', async () => {
    const served = await serve({ page: false });
    const response = await fetch(`${served.url}/`);
    expect(await response.json()).toEqual({ name: 'Sallyport', graphql: 'https://portal.example/graphql' });
    expect((await fetch(`${served.url}/graphiql/graphiql.js`)).status).toBe(404);
  });
});
