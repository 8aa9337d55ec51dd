import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { byJob, unlessMovedOn } from '../doorway/by-job.js';
import type { CommandContext } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import type { Ids } from '../platform/ids.js';
import { open, seal } from '../platform/secrets.js';
import { beginSigning, type NewSigningKey, rotateSigningKey } from './signing-key.commands.js';
import { keysToCheckWith, keyThatSigns, type SigningKeyRow } from './signing-key.queries.js';

/** The one algorithm (RFC 7518): every JWT library has it. */
const algorithm = 'ES256';

/** How long a statement can be relied on. Who has one is not told of what happens meanwhile. */
export const statementSeconds = 15 * 60;

/** How far the clocks of those who check may be behind. */
const toleranceSeconds = 5 * 60;

/** What a statement says, besides who says it, for whom and when. */
export interface Saying {
  /** What kind of statement it is: the `typ` of its head, so that none is taken for another. */
  readonly type: 'sallyport-grant+jwt' | 'sallyport-access+jwt';
  readonly subject: string;
  readonly productCode: string;
  /** The moment at which it holds no more, as far as that is known; null when none is. */
  readonly notAfter: Date | null;
  readonly claims: JWTPayload;
}

export interface SignedStatement {
  readonly token: string;
  readonly keyId: string;
  readonly expiresAt: Date;
}

export interface StatementParts {
  readonly doorway: Doorway;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly sealingKey: Buffer;
  /** Who states. */
  readonly issuer: string;
}

/** Signs statements on access, which others check by themselves with the keys published. */
export class Statements {
  readonly #parts: StatementParts;

  constructor(parts: StatementParts) {
    this.#parts = parts;
  }

  async sign({ type, subject, productCode, notAfter, claims }: Saying): Promise<SignedStatement> {
    const { clock, ids, issuer, sealingKey } = this.#parts;
    const { thumbprint, sealedPrivateKey } = await this.#current();
    const key = await importJWK(readKey(open(sealingKey, sealedPrivateKey)), algorithm);
    const at = Math.floor(clock.now().getTime() / 1000);
    const ends = notAfter === null ? Number.POSITIVE_INFINITY : Math.floor(notAfter.getTime() / 1000);
    const until = Math.min(at + statementSeconds, ends);
    const registered = { iss: issuer, sub: subject, aud: productCode, jti: ids.next(), iat: at, nbf: at, exp: until };
    const token = await new SignJWT({ ...claims, ...registered })
      .setProtectedHeader({ alg: algorithm, typ: type, kid: thumbprint })
      .sign(key);
    return { token, keyId: thumbprint, expiresAt: new Date(until * 1000) };
  }

  /** Every key whose statements are not over, as a key set (RFC 7517). */
  async keySet(): Promise<{ readonly keys: readonly object[] }> {
    await this.#current();
    const { clock, database } = this.#parts;
    const since = new Date(clock.now().getTime() - (statementSeconds + toleranceSeconds) * 1000);
    const found = await keysToCheckWith(database.kysely(), since);
    return {
      keys: found.map(({ thumbprint, publicKey }) => ({ ...publicKey, kid: thumbprint, alg: algorithm, use: 'sig' })),
    };
  }

  /** Signs with a new key from now on. @returns its thumbprint */
  async rotate(context: CommandContext): Promise<string> {
    const made = await this.#make();
    await this.#parts.doorway.execute(rotateSigningKey, made, context);
    return made.thumbprint;
  }

  /** The key that signs; the first is made when it is first needed. */
  async #current(): Promise<SigningKeyRow> {
    const { database, doorway, ids } = this.#parts;
    const found = await keyThatSigns(database.kysely());
    if (found) return found;
    await doorway.execute(beginSigning, await this.#make(), byJob('statements', ids)).catch(unlessMovedOn);
    const made = await keyThatSigns(database.kysely());
    if (!made) throw new Error('There is no key to sign with.');
    return made;
  }

  async #make(): Promise<NewSigningKey> {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const published = await exportJWK(publicKey);
    return {
      thumbprint: await calculateJwkThumbprint(published),
      publicKey: { ...published },
      sealedPrivateKey: seal(this.#parts.sealingKey, JSON.stringify(await exportJWK(privateKey))),
    };
  }
}

/** What was sealed here is a key, or it could not have been opened. */
function readKey(text: string): JWK {
  return JSON.parse(text) as JWK;
}
