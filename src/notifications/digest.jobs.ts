import { sql } from 'kysely';
import type { Clock } from '../platform/clock.js';
import type { Database, Em } from '../platform/database/database.js';
import type { Jobs, Queue } from '../platform/jobs.js';
import { inTransaction } from '../platform/transaction.js';
import { heldChoice, letterKind } from './letter-kinds.js';
import { linkTo } from './letters.js';
import type { Notifications } from './notifications.js';
import { isStillFor } from './still-for.queries.js';
import { digestKind } from './unsubscribe-links.js';

/** The queue on which daily e-mails are written. */
export const digestQueue = 'notifications.digest';

/** A job on the digest queue: what waits for one person. */
export interface DigestJob {
  readonly personId: string;
}

export interface DigestParts {
  readonly database: Database;
  readonly jobs: Pick<Jobs, 'enqueue'>;
  readonly clock: Clock;
  readonly notifications: Notifications;
  readonly publicUrl: string;
}

/** How many people one statement finds, and how many things one e-mail tells of; where there are more, there are more of them. */
const peopleAtOnce = 500;
const mostInOne = 100;

/** Finds, every quarter of an hour, for whom a daily e-mail is due. */
export function digestsDue({ database, jobs, clock }: DigestParts): Queue<object> {
  return {
    name: 'notifications.digests_due',
    retryLimit: 2,
    retryDelaySeconds: 60,
    expireInSeconds: 600,
    concurrency: 1,
    schedule: '*/15 * * * *',
    async handle(_job, signal) {
      let after: string | null = null;
      do {
        signal.throwIfAborted();
        const people: readonly string[] = await peopleDue(database, clock.now(), after);
        const due: DigestJob[] = people.map((personId) => ({ personId }));
        await inTransaction(database, (em) => jobs.enqueue(em, digestQueue, due));
        after = people.length === peopleAtOnce ? (people.at(-1) ?? null) : null;
      } while (after !== null);
    },
  };
}

async function peopleDue(database: Database, now: Date, after: string | null): Promise<readonly string[]> {
  const found = await sql<{ user_id: string }>`select distinct user_id from notification
    where status = 'WAITING' and digest_at <= ${now} and (${after}::uuid is null or user_id > ${after}::uuid)
    order by user_id limit ${peopleAtOnce}`.execute(database.kysely());
  return found.rows.map((row) => row.user_id);
}

/**
 * Writes a person's daily e-mail, and takes what it tells of off what waits, in one transaction: killed before, it is written by
 * the next that tries; killed after, it is sent like every other letter.
 */
export function digestWriting(parts: DigestParts): Queue<DigestJob> {
  return {
    name: digestQueue,
    retryLimit: 10,
    retryDelaySeconds: 30,
    expireInSeconds: 300,
    concurrency: 2,
    async handle({ personId }, signal) {
      for (let taken = mostInOne; taken === mostInOne; ) {
        signal.throwIfAborted();
        taken = await inTransaction(parts.database, (em) => writeOne(em, personId, parts));
      }
    },
  };
}

interface Waiting {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly body: string;
  readonly application_id: string | null;
  readonly is_still_for: boolean;
  readonly chosen: string | null;
  readonly email: string;
}

/** @returns how many were taken off what waits */
async function writeOne(em: Em, personId: string, { notifications, publicUrl }: DigestParts): Promise<number> {
  const waiting = await takeWaiting(em, personId);
  const told = waiting.filter((one) => one.is_still_for && isWanted(one));
  const [first] = told;
  const digestId =
    first &&
    (await notifications.enqueue(em, {
      kind: digestKind,
      recipient: first.email,
      personId,
      subject: told.length === 1 ? `Today: ${first.subject}` : `Today: ${told.length} things that happened`,
      sections: told.map(({ subject, body, application_id }) => ({
        heading: subject,
        text: body,
        link: linkTo(publicUrl, application_id),
      })),
      shown: null,
      eventId: null,
      byMail: 'AT_ONCE',
    }));
  const ids = (of: readonly Waiting[]) => `{${of.map(({ id }) => id).join(',')}}`;
  await sql`update notification set digest_at = null, digest_id = ${digestId ?? null},
      status = case when id = any(${ids(told)}::text::uuid[]) then 'DIGESTED' else 'LEFT_OUT' end
    where id = any(${ids(waiting)}::text::uuid[])`.execute(em.getKysely());
  return waiting.length;
}

/** What is being told of by somebody else at this moment is theirs. */
async function takeWaiting(em: Em, personId: string): Promise<readonly Waiting[]> {
  const found = await sql<Waiting>`
    select n.id, n.kind, n.subject, n.body, n.application_id, ${isStillFor((name) => sql.ref(`n.${name}`))} as is_still_for,
      (select s.choices ->> n.kind from notification_settings as s where s.user_id = n.user_id) as chosen,
      (select u.email from auth_user as u where u.id = n.user_id) as email
    from notification as n where n.user_id = ${personId} and n.status = 'WAITING'
    order by n.number limit ${mostInOne} for update of n skip locked`.execute(em.getKysely());
  return found.rows;
}

/** Who has turned it off meanwhile is not told. */
function isWanted({ kind, chosen }: Waiting): boolean {
  const letter = letterKind(kind);
  return letter === undefined || heldChoice(letter, chosen) !== 'NEVER';
}
