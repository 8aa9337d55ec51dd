import type { FastifyPluginAsync } from 'fastify';
import type { Statements } from './statements.js';

/** Those who check may keep the keys so long; one that they do not know yet makes them look again. */
const keptSeconds = 300;

/** Where the keys are that statements are checked with: `GET /.well-known/jwks.json`, for everybody. */
export const statementRoutes: FastifyPluginAsync<{ readonly statements: Statements }> = async (app, { statements }) => {
  app.get('/.well-known/jwks.json', async (_request, reply) =>
    reply
      .header('cache-control', `public, max-age=${keptSeconds}`)
      .type('application/jwk-set+json')
      .send(JSON.stringify(await statements.keySet())),
  );
};
