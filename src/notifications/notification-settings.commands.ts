import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { requirePermission, requirePerson } from '../doorway/requirements.js';
import type { Actor } from '../lifecycle/actor.js';
import { nextDigestAt } from '../lifecycle/digest-time.js';
import { isTimeZone } from '../lifecycle/time-zone.js';
import { type Problem, Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import {
  type Choice,
  canBeTurnedOff,
  heldChoice,
  type LetterKind,
  letterKind,
  letterKinds,
  usualChoice,
} from './letter-kinds.js';
import { NotificationSettings, usualDigest } from './notification-settings.entity.js';
import { digestKind, type UnsubscribeLeave } from './unsubscribe-links.js';

const mostChoices = 200;
const longestZone = 64;

/** The kinds of letters that somebody can get. That there are others is not for everybody to know. */
export function kindsFor(actor: Actor): readonly LetterKind[] {
  const isStaff = actor.kind === 'PERSON' && actor.staffId !== null;
  return letterKinds.filter((kind) => isStaff || !kind.isForStaff);
}

export interface ChooseNotificationsInput {
  readonly choices: readonly { readonly kind: string; readonly choice: Choice }[];
  /** Null: as it is. */
  readonly digestHour: number | null;
  readonly timeZone: string | null;
}

/** Chooses how one hears of things by e-mail. */
export const chooseNotifications: Command<ChooseNotificationsInput, { personId: string }> = {
  name: 'notifications.choose',
  async run(work, { choices, digestHour, timeZone }) {
    const { personId } = requirePerson(work.actor);
    requirePermission('chooseNotifications', work.actor, null);
    if (choices.length > mostChoices) {
      throw Refusal.of('LIMIT_REACHED', `At most ${mostChoices} kinds can be chosen of at once.`, ['choices']);
    }
    const problems = [
      ...choices.flatMap((given, position) => complaintsAboutChoice(given, String(position), work.actor)),
      ...complaintsAboutRepeats(choices),
      ...complaintsAboutTime(digestHour, timeZone),
    ];
    if (problems.length > 0) throw new Refusal(problems);
    const settings = await lockSettings(work, personId);
    const chosen = choices.map(({ kind, choice }) => [kind, choice] as const);
    await change(work, settings, {
      choices: chosen,
      digestHour: digestHour ?? settings.digestHour,
      timeZone: timeZone ?? settings.timeZone,
    });
    return { personId };
  },
};

/** Turns off what a letter is one of, by the link in it: for whoever has the letter. */
export const turnOffByLink: Command<UnsubscribeLeave, { personId: string }> = {
  name: 'notifications.turnOffByLink',
  async run(work, { personId, kind }) {
    const person = await sql`select from auth_user where id = ${personId}`.execute(work.sql);
    if (person.rows.length === 0) throw Refusal.notFound('person');
    const settings = await lockSettings(work, personId);
    const { digestHour, timeZone } = settings;
    const choices = kindsTurnedOff(kind, settings).map(({ name }) => [name, 'NEVER'] as const);
    await change(work, settings, { choices, digestHour, timeZone });
    return { personId };
  },
};

/** @throws Refusal NOT_ALLOWED_NOW when the kind cannot be turned off, or not any more */
function kindsTurnedOff(name: string, { choices }: NotificationSettings): readonly LetterKind[] {
  if (name === digestKind) {
    return letterKinds.filter((one) => canBeTurnedOff(one) && heldChoice(one, choices[one.name]) === 'DAILY_DIGEST');
  }
  const kind = letterKind(name);
  // Nothing of a kind that is no more will be sent.
  if (!kind) return [];
  if (!canBeTurnedOff(kind)) {
    throw Refusal.of('NOT_ALLOWED_NOW', `E-mails of this kind cannot be turned off. ${kind.because}`);
  }
  return [kind];
}

interface Chosen {
  readonly choices: readonly (readonly [kind: string, choice: Choice])[];
  readonly digestHour: number;
  readonly timeZone: string;
}

/** Puts on record what is other than it was; nothing when nothing is. */
async function change(work: Work, settings: NotificationSettings, chosen: Chosen): Promise<void> {
  const before = (kind: string) => settings.choices[kind] ?? usualChoice;
  const changed = chosen.choices.filter(([kind, choice]) => before(kind) !== choice);
  const { digestHour, timeZone } = chosen;
  const isOtherTime = digestHour !== settings.digestHour || timeZone !== settings.timeZone;
  if (changed.length === 0 && !isOtherTime) return;
  const all = { ...settings.choices, ...Object.fromEntries(changed) };
  settings.choices = Object.fromEntries(Object.entries(all).filter(([, choice]) => choice !== usualChoice));
  settings.digestHour = digestHour;
  settings.timeZone = timeZone;
  settings.updatedAt = work.now;
  if (isOtherTime) {
    await sql`update notification set digest_at = ${nextDigestAt(work.now, { hour: digestHour, timeZone })}
      where user_id = ${settings.userId} and status = 'WAITING'`.execute(work.sql);
  }
  work.record({
    event: 'person.notifications_chosen',
    payload: {
      personId: encodeId('person', settings.userId),
      choices: changed.map(([kind, choice]) => `${kind}: ${choice}`),
      digestHour,
      timeZone,
    },
    subject: { kind: 'person', id: settings.userId },
    organizationId: null,
  });
}

/** Whoever has none yet has those that are usual. */
async function lockSettings(work: Work, userId: string): Promise<NotificationSettings> {
  await sql`insert into notification_settings (user_id, choices, digest_hour, time_zone, updated_at)
    values (${userId}, '{}', ${usualDigest.hour}, ${usualDigest.timeZone}, ${work.now}) on conflict do nothing`.execute(
    work.sql,
  );
  return work.em.findOneOrFail(NotificationSettings, { userId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

function complaintsAboutChoice(
  { kind: name, choice }: { readonly kind: string; readonly choice: Choice },
  position: string,
  actor: Actor,
): Problem[] {
  const kind = kindsFor(actor).find((one) => one.name === name);
  if (!kind) {
    const message = 'There is no such kind of notification. The kinds are in `inbox { settings { kinds { name } } }`.';
    return [{ code: 'INVALID', message, path: ['choices', position, 'kind'] }];
  }
  if (kind.choices.includes(choice)) return [];
  const message = `${kind.description} This is told by e-mail, and ${kind.choices.join(' or ')} can be chosen. ${kind.because}`;
  return [{ code: 'INVALID', message, path: ['choices', position, 'choice'] }];
}

function complaintsAboutRepeats(choices: ChooseNotificationsInput['choices']): Problem[] {
  return choices.flatMap(({ kind }, position) => {
    if (choices.findIndex((one) => one.kind === kind) === position) return [];
    return [{ code: 'INVALID', message: 'This kind is given twice.', path: ['choices', String(position), 'kind'] }];
  });
}

function complaintsAboutTime(digestHour: number | null, timeZone: string | null): Problem[] {
  const problems: Problem[] = [];
  if (digestHour !== null && (digestHour < 0 || digestHour > 23)) {
    problems.push({ code: 'INVALID', message: 'The hour is from 0 to 23.', path: ['digestHour'] });
  }
  if (timeZone !== null && (timeZone.length > longestZone || !isTimeZone(timeZone))) {
    const message = 'This must be the IANA name of a time zone, such as `Europe/Amsterdam`.';
    problems.push({ code: 'INVALID', message, path: ['timeZone'] });
  }
  return problems;
}
