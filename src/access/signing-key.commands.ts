import { LockMode } from '@mikro-orm/core';
import type { Command, Work } from '../doorway/command.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { type PublicKey, SigningKey } from './signing-key.entity.js';

/** A key that was made for the command, before it. */
export interface NewSigningKey {
  readonly thumbprint: string;
  readonly publicKey: PublicKey;
  readonly sealedPrivateKey: string;
}

type KeyResult = { readonly signingKeyId: string };

/** Signs with this key from now on, unless another one signs already. Given by the portal itself. */
export const beginSigning: Command<NewSigningKey, KeyResult> = {
  name: 'signingKey.begin',
  duplicates: { signing_key_current: 'Another process has just made a key.' },
  async run(work, made) {
    requireSystem(work);
    const current = await currentKey(work);
    return { signingKeyId: current ? current.id : signWith(work, made, null) };
  },
};

/** Signs with this key from now on. What was signed with the one before it can be checked until it is over. */
export const rotateSigningKey: Command<NewSigningKey, KeyResult> = {
  name: 'signingKey.rotate',
  duplicates: { signing_key_current: 'The key was changed at the same moment.' },
  async run(work, made) {
    requireSystem(work);
    const current = await currentKey(work);
    if (current) {
      current.retiredAt = work.now;
      current.sealedPrivateKey = null;
      // Before the other is there: only one key signs.
      await work.em.flush();
    }
    return { signingKeyId: signWith(work, made, current) };
  },
};

function requireSystem({ actor }: Work): void {
  if (actor.kind !== 'SYSTEM') throw Refusal.of('FORBIDDEN', 'The portal and its command line keep the keys.');
}

function currentKey(work: Work): Promise<SigningKey | null> {
  return work.em.findOne(SigningKey, { retiredAt: null }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

function signWith(work: Work, made: NewSigningKey, before: SigningKey | null): string {
  const id = work.ids.next();
  work.em.create(SigningKey, { id, ...made, createdAt: work.now, retiredAt: null });
  work.record({
    event: 'signing_key.created',
    payload: {
      signingKeyId: encodeId('signingkey', id),
      thumbprint: made.thumbprint,
      thumbprintBefore: before?.thumbprint ?? null,
    },
    subject: { kind: 'signingkey', id },
    organizationId: null,
  });
  return id;
}
