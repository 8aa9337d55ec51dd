import { createHash } from 'node:crypto';

/** A statement that is run often, with other values each time. */
export interface NamedStatement {
  /** What a server remembers the prepared statement by: the same for the same text, in every process. */
  readonly name: string;
  readonly text: string;
}

export function namedStatement(text: string): NamedStatement {
  return { name: `s_${createHash('sha256').update(text).digest('base64url').slice(0, 24)}`, text };
}
