import type { Work } from '../doorway/command.js';
import { requireAccepted, requireIdentified, requireVersion } from '../doorway/requirements.js';
import { type EventName, type EventPayload, eventDefinition } from '../events/catalogue.js';
import { organizationsOf, seesEveryOrganization, standingOf } from '../lifecycle/actor.js';
import { type ApplicationCommand, applicationRule } from '../lifecycle/application.js';
import { type ApplicationFacts, ruleOnApplication, statusForPartners } from '../lifecycle/application-guards.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import type { Application } from './application.entity.js';
import { lockApplication } from './application-lock.queries.js';

export interface LoadOptions {
  /** The version the caller decided on; anything else is refused. */
  readonly expectedVersion?: number | null;
  /** Where in the input the application's id was. */
  readonly path?: readonly string[];
  /** How it would be decided, for a command that proposes it. */
  readonly outcome?: ApplicationFacts['outcome'];
}

/** An application that is locked until the command ends, and about which the command was accepted. */
export interface LockedApplication {
  readonly application: Application;
  readonly facts: ApplicationFacts;
  readonly organizationId: string;
}

/**
 * Loads and locks an application for a command and asks the rules.
 * @throws Refusal NOT_FOUND when the actor may not see it, CONFLICT when it moved on, or what the rules object
 */
export async function loadForCommand(
  work: Work,
  applicationId: string,
  command: ApplicationCommand,
  options: LoadOptions = {},
): Promise<LockedApplication> {
  requireIdentified(work.actor);
  const locked = await lockApplication(work, applicationId, applicationRule(command));
  const application = locked?.application;
  const isOwn = application !== undefined && organizationsOf(work.actor).includes(application.organizationId);
  // Staff see what was submitted, so neither a draft nor one that was withdrawn before anybody saw it.
  const isSeen = isOwn || (seesEveryOrganization(work.actor) && application?.submittedAt != null);
  if (!locked || !application || !isSeen) throw Refusal.notFound('application', options.path ?? ['applicationId']);

  const facts = options.outcome ? { ...locked.facts, outcome: options.outcome } : locked.facts;
  const ruling = ruleOnApplication(command, facts, standingOf(work.actor, application.organizationId), work.now);
  // Whoever lacks the role learns only that; for the others a stale version explains more than the status does.
  if (ruling[0]?.code !== 'FORBIDDEN') requireVersion(application.version, options.expectedVersion);
  requireAccepted(ruling);
  return { application, facts, organizationId: application.organizationId };
}

type ApplicationEvent = Extract<EventName, `application.${string}`>;
type Particulars<Name extends ApplicationEvent> = Omit<EventPayload<Name>, 'applicationId' | 'reference' | 'status'>;

/**
 * Reports an event of an application; what every such event says is filled in. The version counts what was reported:
 * a command that finds nothing to change leaves it alone.
 */
export function recordApplicationEvent<Name extends ApplicationEvent>(
  work: Work,
  application: Application,
  event: Name,
  particulars: Particulars<Name>,
): void {
  application.updatedAt = work.now;
  recordBeside(work, application, event, particulars);
}

/**
 * The same for what is said about an application and leaves it as it is: neither its version nor when it last changed
 * tells of it. Partners hear of it as of an application where nothing is proposed.
 */
export function recordBeside<Name extends ApplicationEvent>(
  work: Work,
  application: Application,
  event: Name,
  particulars: Particulars<Name>,
): void {
  const isForPartners = eventDefinition(event).audience === 'PARTNER';
  work.record({
    event,
    // The compiler cannot put a generic payload together from its two parts.
    payload: {
      applicationId: encodeId('application', application.id),
      reference: application.reference,
      status: isForPartners ? statusForPartners(application) : application.status,
      ...particulars,
    } as unknown as EventPayload<Name>,
    subject: { kind: 'application', id: application.id },
    organizationId: application.organizationId,
    applicationId: application.id,
  });
}
