import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { Request } from '../api/request.js';
import { requireIdentified } from '../doorway/requirements.js';
import { routingExplained } from '../lifecycle/routing-explained.js';
import type { RawSql } from '../platform/database/database.js';
import { decodeId } from '../platform/ids.js';
import { WorkflowInput } from '../programs/workflow-inputs.types.js';
import { RoutingPreview } from './routing.types.js';
import { type RoutingPreview as Preview, previewRouting } from './routing-preview.queries.js';

@Resolver()
export class RoutingResolver {
  readonly #database: RawSql;

  constructor(database: RawSql) {
    this.#database = database;
  }

  @Query(() => RoutingPreview, {
    nullable: true,
    description:
      'Where an application would go if it entered a stage now, and why: a dry run, which changes nothing. Staff only; null for others.',
  })
  async routingPreview(
    @Arg('applicationId', () => ID, { description: 'The application.' }) applicationId: string,
    @Arg('stage', () => String, { description: 'The key of the stage; `intake` is where applications arrive.' })
    stage: string,
    @Arg('workflow', () => WorkflowInput, {
      nullable: true,
      description: 'A workflow to try out, which need not be published; the application’s own when not given.',
    })
    workflow: WorkflowInput | null | undefined,
    @Ctx() { actor, reading }: Request,
  ): Promise<RoutingPreview | null> {
    requireIdentified(actor);
    const id = decodeId('application', applicationId, ['applicationId']);
    const question = { applicationId: id, stage, workflow: workflow ?? null };
    const found = await previewRouting(this.#database, reading.viewer, question);
    return found && presented(found);
  }
}

function presented({ routing, choice }: Preview): RoutingPreview {
  const { queue, chosen, flagging, verdicts } = routing;
  const raising = chosen ? [...flagging, chosen] : flagging;
  return {
    queue,
    rule: chosen?.key ?? null,
    explanation: routingExplained(routing, choice),
    rules: verdicts.map(({ rule: { key, name }, outcome, clauses }) => ({ key, name, outcome, clauses })),
    candidates: (choice?.considered ?? []).map(({ candidate, isFallback, against }) => ({
      staffId: candidate.staffId,
      name: candidate.name,
      isFallback,
      isChosen: candidate === choice?.chosen,
      against: against && `${candidate.name} ${against.because}.`,
      inHand: candidate.inHand,
      lastAssignedAt: candidate.lastAssignedAt,
    })),
    flags: [...new Set(raising.flatMap(({ raiseFlags }) => (raiseFlags ?? []).map(({ flag }) => flag)))],
  };
}
