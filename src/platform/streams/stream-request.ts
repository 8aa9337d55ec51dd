import type { FastifyRequest } from 'fastify';
import type { PlainRequest } from '../graphql/known-operations.js';
import { complaintAbout, UnreadableBody } from '../http/json-body.js';

/** Parts of a request that are JSON where they are in an address. */
const jsonParts = new Set(['variables', 'extensions']);

/**
 * What a request for a stream asks: its body, or, because browsers' own EventSource can send none, what its address says.
 * @throws UnreadableBody when the address holds what is not JSON
 */
export function askedOfStream(request: FastifyRequest, jsonDepth: number): unknown {
  if (request.method !== 'GET') return request.body;
  const { searchParams } = new URL(request.url, 'http://localhost');
  return Object.fromEntries(
    [...searchParams].map(([name, text]) => [name, jsonParts.has(name) ? readJson(name, text, jsonDepth) : text]),
  );
}

function readJson(name: string, text: string, jsonDepth: number): unknown {
  const complaint = complaintAbout(text, jsonDepth);
  if (complaint) throw new UnreadableBody(complaint);
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableBody(`The parameter ${name} is not JSON.`);
  }
}

/** @throws UnreadableBody when there is no operation to be found in it */
export function operationIn(body: unknown): PlainRequest {
  const fields: Readonly<Record<string, unknown>> = typeof body === 'object' && body !== null ? { ...body } : {};
  const { query, operationName = null, variables } = fields;
  if (typeof query !== 'string') throw new UnreadableBody('The request must hold a subscription as `query`.');
  if (operationName !== null && typeof operationName !== 'string') {
    throw new UnreadableBody('`operationName` must be text.');
  }
  if (variables !== undefined && (typeof variables !== 'object' || Array.isArray(variables))) {
    throw new UnreadableBody('`variables` must be an object.');
  }
  return { query, operationName, variables: { ...variables } };
}
