import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';

const folderOf = (name: string) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));

/** Everything the page loads, from the packages installed beside the portal. */
const files = [
  { name: 'react.js', type: 'text/javascript', from: ['react', 'umd/react.production.min.js'] },
  { name: 'react-dom.js', type: 'text/javascript', from: ['react-dom', 'umd/react-dom.production.min.js'] },
  { name: 'graphiql.js', type: 'text/javascript', from: ['graphiql', 'graphiql.min.js'] },
  { name: 'graphiql.css', type: 'text/css', from: ['graphiql', 'graphiql.min.css'] },
] as const;

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Sallyport: GraphQL</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/graphiql/graphiql.css">
    <link rel="stylesheet" href="/graphiql/page.css">
  </head>
  <body>
    <div id="page">Loading …</div>
    <script src="/graphiql/react.js"></script>
    <script src="/graphiql/react-dom.js"></script>
    <script src="/graphiql/graphiql.js"></script>
    <script src="/graphiql/page.js"></script>
  </body>
</html>
`;

const css = 'body { margin: 0; }\n#page { height: 100dvh; }\n';

const script = `const welcome = \`# Welcome to Sallyport.
# The play button runs a query; the book
# on the left explains the schema.
# Once signed in, say so in Headers below:
# { "Authorization": "Bearer …" }

{
  __typename
}
\`;
ReactDOM.createRoot(document.getElementById('page')).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: '/graphql' }),
    defaultQuery: welcome,
    shouldPersistHeaders: false,
  }),
);
`;

/** Only files of the portal may be loaded and only the portal may be asked; the editor sets styles on its elements. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A page at `/` to try the API on, which needs nothing from the internet. */
export function servePage(app: FastifyInstance): void {
  app.get('/', async (_request, reply) =>
    reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(html),
  );
  serve('page.js', 'text/javascript', () => script);
  serve('page.css', 'text/css', () => css);
  for (const { name, type, from } of files) serve(name, type, () => readFileSync(join(folderOf(from[0]), from[1])));

  function serve(name: string, type: string, read: () => string | Buffer): void {
    let content: string | Buffer | undefined;
    app.get(`/graphiql/${name}`, async (_request, reply) => {
      content ??= read();
      return reply.header('cache-control', 'public, max-age=3600').type(`${type}; charset=utf-8`).send(content);
    });
  }
}

/** What `/` says where the page is turned off. */
export function serveHint(app: FastifyInstance, publicUrl: string): void {
  app.get('/', async (_request, reply) => reply.send({ name: 'Sallyport', graphql: `${publicUrl}/graphql` }));
}
