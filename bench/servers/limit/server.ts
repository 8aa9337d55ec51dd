import { hash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Pool } from 'pg';
import { benchedServer } from '../benched-server.js';
import { Commands } from './commands.js';
import { byFunctions, byJoining } from './json.js';
import { readsBy } from './reads.js';
import { databaseId, receive } from './transit.js';

/**
 * The limit: as little as can stand between HTTP and PostgreSQL and still give the same answers to the same people. One
 * statement a question, the session's check included, whose JSON is sent as it comes. With JSON=joined, the statements
 * write their JSON by joining texts, which shows how far the database could go.
 */
const { port, databaseUrl, poolSize } = benchedServer();
const pool = new Pool({ connectionString: databaseUrl, max: poolSize, options: '-c TimeZone=UTC' });
const reads = readsBy(process.env.JSON === 'joined' ? byJoining : byFunctions);
const commands = new Commands(pool);

async function answer(path: string, token: string, body: string): Promise<{ status: number; text: string }> {
  const tokenHash = hash('sha256', token);
  const variables: Readonly<Record<string, unknown>> = JSON.parse(body);
  if (path === 'submit' || path === 'advance') return command(path, tokenHash, variables);
  const read = reads[path];
  const values = read?.values(variables);
  if (!read || !values) return { status: 400, text: '{"errors":[{"message":"Bad request"}]}' };
  const question = {
    name: `limit_${path}`,
    text: read.text,
    values: [tokenHash, ...values],
    rowMode: 'array' as const,
  };
  const { rows } = await pool.query<[string]>(question);
  const [row] = rows;
  return row
    ? { status: 200, text: `{"data":${receive(row[0])}}` }
    : { status: 401, text: '{"errors":[{"message":"Sign in"}]}' };
}

async function command(
  name: 'submit' | 'advance',
  tokenHash: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<{ status: number; text: string }> {
  const id = databaseId('application', variables.id);
  const done = id === null ? null : await commands.run(name, tokenHash, id);
  if (!done) return { status: 404, text: '{"errors":[{"message":"Not found"}]}' };
  return 'text' in done
    ? { status: 200, text: `{"data":${done.text}}` }
    : { status: 200, text: `{"data":{},"errors":${JSON.stringify(done.objections)}}` };
}

function respond(request: IncomingMessage, response: ServerResponse): void {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
    answer(request.url?.slice(1) ?? '', token, body).then(
      ({ status, text }) => send(response, status, text),
      (error: unknown) => send(response, 500, JSON.stringify({ errors: [{ message: String(error) }] })),
    );
  });
}

function send(response: ServerResponse, status: number, text: string): void {
  const bytes = Buffer.from(text);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length });
  response.end(bytes);
}

createServer(respond).listen(port, '127.0.0.1', () => process.stdout.write('ready\n'));
