import { LockMode } from '@mikro-orm/core';
import type { Command, Work } from '../doorway/command.js';
import { requireIdentified, requirePerson, requireVersion } from '../doorway/requirements.js';
import { requireAddress, requirePersonName } from '../identity/email-address.js';
import { organizationsOf, seesEveryGrant } from '../lifecycle/actor.js';
import type { ExportStatus } from '../lifecycle/named-user.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { loadForCommand } from './grant.commands.js';
import type { AccessGrant } from './grant.entity.js';
import { recordGrantEvent } from './grant-events.js';
import { NamedUser } from './named-user.entity.js';

export type NamedUserResult = { readonly grantId: string; readonly namedUserId: string };

export interface AddNamedUserInput {
  readonly grantId: string;
  readonly displayName: string;
  readonly email: string;
  readonly exportStatus: ExportStatus;
  readonly expectedVersion?: number | null;
}

/**
 * Names somebody who may use a grant. There are never more than it has seats: the grant is locked, so whoever names
 * users at the same moment waits. A hit of screening keeps that user out, and nobody else.
 */
export const addNamedUser: Command<AddNamedUserInput, NamedUserResult> = {
  name: 'grant.addNamedUser',
  async run(work, input) {
    const grant = await loadForCommand(work, input, 'manageNamedUsers');
    const { personId } = requirePerson(work.actor);
    const displayName = requirePersonName(input.displayName, ['displayName']);
    const email = requireAddress(input.email, ['email']);
    if (await work.em.findOne(NamedUser, { grantId: grant.id, email, removedAt: null }))
      throw Refusal.of('ALREADY_EXISTS', 'A user with this address is named for the grant already.', ['email']);
    const used = await seatsUsed(work, grant.id);
    if (used >= grant.seats) {
      const message = `All ${grant.seats} seats of the grant are taken: remove a user, or have the grant amended.`;
      throw Refusal.of('LIMIT_REACHED', message, ['grantId']);
    }
    const user = work.em.create(NamedUser, {
      id: work.ids.next(),
      grantId: grant.id,
      organizationId: grant.organizationId,
      displayName,
      email,
      exportStatus: input.exportStatus,
      attestedBy: personId,
      attestedAt: work.now,
      addedBy: personId,
      addedAt: work.now,
      screenedAt: null,
      removedBy: null,
      removedAt: null,
      version: 1,
    });
    recordGrantEvent(
      work,
      grant,
      'named_user.added',
      { ...about(user), exportStatus: user.exportStatus, seats: grant.seats, seatsUsed: used + 1 },
      subjectOf(user),
    );
    return { grantId: grant.id, namedUserId: user.id };
  },
};

interface NamedUserInput {
  readonly namedUserId: string;
  readonly expectedVersion?: number | null;
}

/** Removes a user, whose seat is free from now on. */
export const removeNamedUser: Command<NamedUserInput, NamedUserResult> = {
  name: 'grant.removeNamedUser',
  async run(work, input) {
    const { grant, user } = await loadNamedUser(work, input);
    user.removedBy = requirePerson(work.actor).personId;
    user.removedAt = work.now;
    const used = await seatsUsed(work, grant.id);
    recordGrantEvent(
      work,
      grant,
      'named_user.removed',
      { ...about(user), seats: grant.seats, seatsUsed: used - 1 },
      subjectOf(user),
    );
    return { grantId: grant.id, namedUserId: user.id };
  },
};

/** Attests anew how export rules stand to a user. What was attested before stays in the log. */
export const attestNamedUserStatus: Command<NamedUserInput & { readonly exportStatus: ExportStatus }, NamedUserResult> =
  {
    name: 'grant.attestNamedUserStatus',
    async run(work, input) {
      const { grant, user } = await loadNamedUser(work, input);
      const before = user.exportStatus;
      user.exportStatus = input.exportStatus;
      user.attestedBy = requirePerson(work.actor).personId;
      user.attestedAt = work.now;
      recordGrantEvent(
        work,
        grant,
        'named_user.status_attested',
        { ...about(user), before, exportStatus: user.exportStatus },
        subjectOf(user),
      );
      return { grantId: grant.id, namedUserId: user.id };
    },
  };

/** Those who are named for a grant now; the grant is locked, so it stays so until the command ends. */
export function seatsUsed(work: Work, grantId: string): Promise<number> {
  return work.em.count(NamedUser, { grantId, removedAt: null });
}

/**
 * Loads a user with the grant locked, and asks the grant's rules.
 * @throws Refusal NOT_FOUND when there is none that the actor may see, or what the rules object
 */
async function loadNamedUser(
  work: Work,
  { namedUserId, expectedVersion }: NamedUserInput,
): Promise<{ readonly grant: AccessGrant; readonly user: NamedUser }> {
  requireIdentified(work.actor);
  const known = await work.em.findOne(NamedUser, { id: namedUserId });
  const isSeen =
    known !== null && (organizationsOf(work.actor).includes(known.organizationId) || seesEveryGrant(work.actor));
  if (!isSeen) throw Refusal.notFound('named user', ['namedUserId']);
  const grant = await loadForCommand(work, { grantId: known.grantId }, 'manageNamedUsers');
  const user = await work.em.findOneOrFail(
    NamedUser,
    { id: namedUserId },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  );
  requireVersion(user.version, expectedVersion);
  if (user.removedAt) throw Refusal.of('NOT_ALLOWED_NOW', 'This user was removed; name them anew.', ['namedUserId']);
  return { grant, user };
}

function about({ id }: NamedUser) {
  return { namedUserId: encodeId('nameduser', id) };
}

function subjectOf({ id }: NamedUser) {
  return { kind: 'nameduser', id } as const;
}
