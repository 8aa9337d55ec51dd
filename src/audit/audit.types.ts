import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../api/connection.js';
import { Node } from '../api/node.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime, JsonObject } from '../api/scalars.js';

const audiences = registeredEnum('AuditAudience', 'Who hears of an event, besides those who read the audit log.', {
  PARTNER: 'The organization concerned and the operator.',
  STAFF: 'The operator only.',
});

const actorKinds = registeredEnum('ActorKind', 'What kind of actor did something.', {
  PERSON: 'A person, signed in.',
  MACHINE: 'A machine with an API key.',
  SYSTEM: 'The portal itself, or the operator at its command line.',
});

@ObjectType({
  implements: Node,
  description: 'A record of the audit log: one event, written once and never changed. For auditors and administrators.',
})
export class AuditRecord extends Node {
  @Field(() => Int, { description: 'Its place in the log: 1, 2, 3 and so on, without a gap.' })
  sequence!: number;

  @Field(() => DateTime, { description: 'When it happened.' })
  at!: Date;

  @Field(() => String, { description: 'The command that caused it, e.g. `application.submit`.' })
  command!: string;

  @Field(() => String, { description: 'What happened: the name of an event, e.g. `application.submitted`.' })
  event!: string;

  @Field(() => Int, { description: 'The version of the event’s data.' })
  version!: number;

  @Field(() => audiences, { description: 'Who hears of it.' })
  audience!: keyof typeof audiences;

  @Field(() => actorKinds, { description: 'What kind of actor did it.' })
  actorKind!: keyof typeof actorKinds;

  @Field(() => ID, { nullable: true, description: 'The person or the API key; null when the portal itself did it.' })
  actorId!: string | null;

  @Field(() => String, {
    description: 'The roles that the actor held then, joined by `+`; for the portal itself, which part of it acted.',
  })
  actorRole!: string;

  @Field(() => String, { nullable: true, description: 'What the actor is called now; null when no longer known.' })
  actorName!: string | null;

  @Field(() => ID, { nullable: true, description: 'The organization concerned; null when it concerns none.' })
  organizationId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The application concerned; null when it concerns none.' })
  applicationId!: string | null;

  @Field(() => ID, { description: 'The object that it happened to.' })
  subjectId!: string;

  @Field(() => JsonObject, { description: 'What the event says.' })
  payload!: object;

  @Field(() => String, { description: 'The request that caused it; the same in the process’s own log.' })
  requestId!: string;

  @Field(() => String, { description: 'The hash of the record before it, SHA-256 in hex; zeros for the first.' })
  previousHash!: string;

  @Field(() => String, { description: 'The hash of this record, the one before included, SHA-256 in hex.' })
  hash!: string;
}

export const AuditRecordConnection = connectionOf(AuditRecord, 'AuditRecord', 'audit records');

@InputType({ description: 'Which audit records to list; what is not given does not narrow the list.' })
export class AuditLogFilterInput {
  @Field(() => ID, { nullable: true, description: 'Only those that concern this organization.' })
  organizationId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only those that concern this application.' })
  applicationId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only what this person did, or the machine with this API key.' })
  actorId?: string | null;

  @Field(() => String, { nullable: true, description: 'Only events of this name, e.g. `grant.suspended`.' })
  event?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Only what happened at this moment or later.' })
  from?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Only what happened before this moment.' })
  to?: Date | null;
}
