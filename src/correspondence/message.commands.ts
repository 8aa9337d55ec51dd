import { sql } from 'kysely';
import { loadForCommand, recordBeside } from '../applications/application.commands.js';
import { requireDocuments } from '../documents/document-choice.queries.js';
import type { Command, Work } from '../doorway/command.js';
import { requirePerson, requireText } from '../doorway/requirements.js';
import { standingOf } from '../lifecycle/actor.js';
import {
  longestMessage,
  mostDocuments,
  mostUnanswered,
  otherSide,
  rolesThatAnswer,
  sideOf,
} from '../lifecycle/correspondence.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { Message } from './message.entity.js';

export interface SendMessageInput {
  readonly applicationId: string;
  readonly text: string;
  /** Documents of the application that it points to. */
  readonly documentIds?: readonly string[] | null;
  /** Whether a message of staff answers what the partner wrote before it. */
  readonly isAnswer: boolean;
}

/**
 * Sends a message to the other side. The application stays as it is, so nobody's decision on it is refused as stale
 * because somebody wrote.
 */
export const sendMessage: Command<SendMessageInput, { applicationId: string; messageId: string }> = {
  name: 'application.sendMessage',
  async run(work, { applicationId, text, documentIds, isAnswer }) {
    const { application, facts, organizationId } = await loadForCommand(work, applicationId, 'sendMessage');
    const person = requirePerson(work.actor);
    const side = sideOf(standingOf(work.actor, organizationId));
    const message = work.em.create(Message, {
      id: work.ids.next(),
      applicationId,
      organizationId,
      side,
      authorId: person.personId,
      text: requireText(text, ['text'], longestMessage),
      documentIds: await requireDocuments(work, applicationId, documentIds ?? [], {
        among: 'OF_BOTH',
        most: mostDocuments,
      }),
      sentAt: work.now,
      readAt: null,
      readBy: null,
      settledAt: null,
    });
    const messageId = encodeId('message', message.id);
    if (side === 'STAFF') {
      if (isAnswer) await settle(work, applicationId);
      recordBeside(work, application, 'application.message_sent', { messageId });
      return { applicationId, messageId: message.id };
    }
    const { unanswered, isInHand } = await readStanding(work, applicationId);
    if (unanswered >= mostUnanswered) {
      const message = `Of your messages ${unanswered} wait for an answer, which is the most. Wait until one is answered.`;
      throw Refusal.of('LIMIT_REACHED', message);
    }
    recordBeside(work, application, 'application.message_received', { messageId });
    const roles = isInHand ? [] : rolesThatAnswer(facts);
    recordBeside(work, application, 'application.reply_awaited', { messageId, roles });
    return { applicationId, messageId: message.id };
  },
};

/** Notes that one's own side has read what the other side wrote, as far as the message that is named. */
export const markMessagesRead: Command<
  { readonly applicationId: string; readonly throughId: string },
  { applicationId: string }
> = {
  name: 'application.markMessagesRead',
  async run(work, { applicationId, throughId }) {
    const { application, organizationId } = await loadForCommand(work, applicationId, 'sendMessage');
    const person = requirePerson(work.actor);
    const from = otherSide(sideOf(standingOf(work.actor, organizationId)));
    const found = await sql<{ isThere: boolean; marked: number }>`
      with marked as (
        update message set read_at = ${work.now}, read_by = ${person.personId}
        where application_id = ${applicationId} and side = ${from} and read_at is null and id <= ${throughId} returning 1)
      select exists (select from message where id = ${throughId} and application_id = ${applicationId}) as "isThere",
        (select count(*)::int from marked) as marked`.execute(work.sql);
    const [row] = found.rows;
    if (!row?.isThere) throw Refusal.notFound('message', ['throughId']);
    if (row.marked > 0) {
      const messageId = encodeId('message', throughId);
      recordBeside(work, application, 'application.messages_read', { messageId, from, count: row.marked });
    }
    return { applicationId };
  },
};

/** Says that what the partner wrote needs no answer, so that it is not waited for any more. */
export const leaveUnanswered: Command<{ readonly applicationId: string }, { applicationId: string }> = {
  name: 'application.leaveUnanswered',
  async run(work, { applicationId }) {
    const { application } = await loadForCommand(work, applicationId, 'leaveUnanswered');
    requirePerson(work.actor);
    const count = await settle(work, applicationId);
    if (count > 0) recordBeside(work, application, 'application.left_unanswered', { count });
    return { applicationId };
  },
};

/** @returns how many messages of the partner had waited for an answer */
async function settle(work: Work, applicationId: string): Promise<number> {
  const settled = await sql`update message set settled_at = ${work.now}
    where application_id = ${applicationId} and side = 'PARTNER' and settled_at is null returning 1`.execute(work.sql);
  return settled.rows.length;
}

interface Standing {
  readonly unanswered: number;
  /** Has somebody who is at work and not recused the application in hand? */
  readonly isInHand: boolean;
}

async function readStanding(work: Work, applicationId: string): Promise<Standing> {
  const found = await sql<Standing>`
    select (select count(*)::int from message as m where m.application_id = a.id and m.side = 'PARTNER'
        and m.settled_at is null) as unanswered,
      exists (select from staff_member as s where s.id = a.assignee_id and s.active
        and not exists (select from away_period as p where p.staff_id = s.id and p.cancelled_at is null
          and p.starts_at <= ${work.now} and p.ends_at > ${work.now})
        and not exists (select from recusal as r where r.organization_id = a.organization_id and r.user_id = s.user_id
          and r.ended_at is null)) as "isInHand"
    from application as a where a.id = ${applicationId}`.execute(work.sql);
  const [row] = found.rows;
  if (!row) throw new Error(`There is no application ${applicationId}.`);
  return row;
}
