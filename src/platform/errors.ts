/**
 * The one error type for everything the portal refuses on purpose. A refusal carries one or more problems, each with
 * a code, a sentence that says what was wrong and what would be right, and the path of the input it is about.
 *
 * Codes in `userErrorCodes` are answered inside a mutation's payload (`errors`), because a person can act on them.
 * Codes in `requestErrorCodes` are answered as GraphQL errors with `extensions.code`. Anything that is thrown and is
 * not a Refusal is a bug or an outage: it is logged once and answered as INTERNAL_SERVER_ERROR without details.
 */
export const userErrorCodes = {
  INVALID: 'The value is not acceptable; the message says what would be.',
  INVALID_ID: 'The text is not an id of the kind wanted here.',
  REQUIRED: 'Something that must be given is missing.',
  NOT_FOUND: 'There is no such object, or it is not visible to whoever asks.',
  NOT_ALLOWED_NOW: 'The command is not allowed while the object is in its present status.',
  INCOMPLETE: 'Something must be done first; the message says what.',
  FOUR_EYES:
    'Another person must do this, because the same person already took part, is recused or belongs to the organization.',
  CONFLICT: 'The object has changed since it was read; read it again and repeat the command.',
  IDEMPOTENCY_KEY_REUSED: 'The idempotency key was used before with another request.',
  ALREADY_EXISTS: 'There is already one of these.',
  LIMIT_REACHED: 'A limit on number or size is reached; the message says which.',
  EXPIRED: 'The link, token, code or window has expired.',
  ADDRESS_REFUSED: 'The address cannot be used as a webhook endpoint, because it is not a public https address.',
  CONTENT_MISMATCH: 'The bytes received are not the bytes announced (size, SHA-256 or type).',
} as const;

export const requestErrorCodes = {
  UNAUTHENTICATED: 'Nobody is signed in, or the session or API key is not valid any more.',
  FORBIDDEN: 'Whoever asks can see the object, but their role does not allow this.',
  RATE_LIMITED: 'Too many attempts; try again later.',
  UNAVAILABLE: 'Something the portal depends on did not answer in time; nothing was changed, try again.',
} as const;

export type UserErrorCode = keyof typeof userErrorCodes;
export type RequestErrorCode = keyof typeof requestErrorCodes;
export type RefusalCode = UserErrorCode | RequestErrorCode;

export interface Problem {
  readonly code: RefusalCode;
  readonly message: string;
  /** Where in the input: names and list positions, outermost first. Empty when it is about the whole request. */
  readonly path: readonly string[];
}

export class Refusal extends Error {
  readonly problems: readonly Problem[];
  /** With RATE_LIMITED: when it makes sense to try again, in whole seconds. */
  readonly retryAfterSeconds: number | null;

  constructor(problems: readonly Problem[], retryAfterSeconds: number | null = null) {
    super(problems.map((problem) => problem.message).join(' '));
    this.name = 'Refusal';
    this.problems = problems;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  static of(code: RefusalCode, message: string, path: readonly string[] = []): Refusal {
    return new Refusal([{ code, message, path }]);
  }

  static rateLimited(message: string, retryAfterSeconds: number): Refusal {
    return new Refusal([{ code: 'RATE_LIMITED', message, path: [] }], Math.ceil(retryAfterSeconds));
  }

  /** The same sentence for absent and for invisible objects, so that ids cannot be probed. */
  static notFound(what: string, path: readonly string[] = []): Refusal {
    return Refusal.of('NOT_FOUND', `There is no ${what} with this id.`, path);
  }

  get code(): RefusalCode {
    return this.problems[0]?.code ?? 'INVALID';
  }

  /** True when every problem is one that the caller can act on, and so belongs in a payload. */
  get isForUser(): boolean {
    return this.problems.every((problem) => problem.code in userErrorCodes);
  }
}
