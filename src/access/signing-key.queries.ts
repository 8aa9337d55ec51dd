import { sql } from 'kysely';
import type { RawSql } from '../platform/database/database.js';
import type { PublicKey } from './signing-key.entity.js';

export interface SigningKeyRow {
  readonly thumbprint: string;
  readonly sealedPrivateKey: string;
}

export async function keyThatSigns(database: RawSql): Promise<SigningKeyRow | null> {
  const found = await sql<SigningKeyRow>`select thumbprint, sealed_private_key as "sealedPrivateKey"
    from signing_key where retired_at is null`.execute(database);
  return found.rows[0] ?? null;
}

/** The key that signs, and those that have signed until this moment or later; the newest first. */
export async function keysToCheckWith(
  database: RawSql,
  since: Date,
): Promise<readonly { readonly thumbprint: string; readonly publicKey: PublicKey }[]> {
  const found = await sql<{ thumbprint: string; publicKey: PublicKey }>`
    select thumbprint, public_key as "publicKey" from signing_key
    where retired_at is null or retired_at > ${since} order by created_at desc`.execute(database);
  return found.rows;
}
