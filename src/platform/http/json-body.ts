import type { FastifyInstance } from 'fastify';

/** A body that cannot be read, with the status and the code of the answer. */
export class UnreadableBody extends Error {
  readonly statusCode: number;

  constructor(message: string, statusCode = 400) {
    super(message);
    this.name = 'UnreadableBody';
    this.statusCode = statusCode;
  }
}

/**
 * Makes JSON the only content type that is read. Its nesting is checked on the text, before anything that would
 * recurse into it sees it; other content types are answered with 415 unless a route adds a parser of its own.
 */
export function readJsonBodies(app: FastifyInstance, deepest: number): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    const complaint = complaintAbout(body, deepest);
    if (complaint) done(new UnreadableBody(complaint));
    else parse(request, body, done);
  });
}

/** PostgreSQL cannot store a NUL, so no text may hold one, wherever it ends up. */
export const nulSentence = 'Text must not contain the NUL character (\\u0000).';

/** What is wrong with the text before it is parsed: nested too deeply, or holding a NUL. */
export function complaintAbout(json: string, deepest: number): string | null {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (quoted) {
      if (character === '"') quoted = false;
      else if (character === '\\') {
        if (json.startsWith('u0000', at + 1)) return nulSentence;
        at += 1;
      }
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') {
      depth += 1;
      if (depth > deepest) return `The JSON is nested more than ${deepest} levels deep.`;
    } else if (character === '}' || character === ']') depth -= 1;
  }
  return null;
}
