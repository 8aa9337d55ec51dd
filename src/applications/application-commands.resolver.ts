import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Doorway } from '../doorway/doorway.js';
import { decodeId } from '../platform/ids.js';
import { startAmendment, startRenewal } from './amendment.commands.js';
import { answerWithApplication } from './application-commanding.js';
import {
  AcceptTermsInput,
  ApplicationCommandInput,
  ApplicationPayload,
  AssignApplicationInput,
  ReasonedApplicationInput,
  SaveDraftInput,
  StartApplicationInput,
  WithdrawApplicationInput,
} from './application-inputs.types.js';
import { applicationById } from './application-lists.queries.js';
import { assignApplication, claimApplication, releaseApplication } from './assignment.commands.js';
import { acceptTerms, saveDraft, startApplication, submitApplication } from './drafting.commands.js';
import {
  advanceStage,
  returnForCorrection,
  returnWithoutAction,
  startReview,
  withdrawApplication,
} from './handling.commands.js';

/** The mutations that partners and staff work on applications with; those of reviewing are in reviews/. */
@Resolver()
export class ApplicationCommandResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Starts a draft application to an open program. For owners and applicants.',
  })
  startApplication(
    @Arg('input', () => StartApplicationInput, { description: 'Who applies to what.' }) input: StartApplicationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(applicationById, info, 'application');
      const organizationId = decodeId('organization', input.organizationId, ['organizationId']);
      const programId = decodeId('program', input.programId, ['programId']);
      const started = await this.#doorway.execute(startApplication, { organizationId, programId }, request.command);
      return { application: await request.reading.object(applicationById, started.applicationId, info, 'application') };
    });
  }

  @Mutation(() => ApplicationPayload, {
    description:
      'Starts an amendment of an approved application whose grant has not ended, and answers with it: a draft that begins with the answers approved last. When there is an open one, answers with that. For owners and applicants.',
  })
  startAmendment(
    @Arg('input', () => ApplicationCommandInput, { description: 'What is to be amended.' })
    input: ApplicationCommandInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answerWithDraft(startAmendment, input, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description:
      'Starts a renewal of the grant that followed from an approved application, as soon as its end is near, and answers with it: a draft that begins with the answers and documents approved last. When there is an open one, answers with that. For owners and applicants.',
  })
  startRenewal(
    @Arg('input', () => ApplicationCommandInput, { description: 'The application that the grant follows from.' })
    input: ApplicationCommandInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answerWithDraft(startRenewal, input, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Saves answers as they are typed, complete or not. For owners and applicants.',
  })
  saveDraft(
    @Arg('input', () => SaveDraftInput, { description: 'The answers.' }) input: SaveDraftInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, saveDraft, input, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Accepts the terms for the organization. For owners and applicants.',
  })
  acceptTerms(
    @Arg('input', () => AcceptTermsInput, { description: 'The terms.' }) input: AcceptTermsInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, acceptTerms, input, request, info, { termsId: 'terms' });
  }

  @Mutation(() => ApplicationPayload, {
    description:
      'Submits the application, or its corrected revision; refused with everything that is missing. For owners and applicants.',
  })
  submitApplication(
    @Arg('input', () => ApplicationCommandInput, { description: 'The application.' }) input: ApplicationCommandInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, submitApplication, input, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Withdraws the application before it is decided. For owners and applicants.',
  })
  withdrawApplication(
    @Arg('input', () => WithdrawApplicationInput, { description: 'The application.' }) input: WithdrawApplicationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, withdrawApplication, input, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Takes the application in and puts it at the first stage. For intake officers.',
  })
  startReview(
    @Arg('input', () => ApplicationCommandInput, { description: 'The application.' }) input: ApplicationCommandInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, startReview, input, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Moves the application on to the next stage. For the roles that its stage names.',
  })
  advanceStage(
    @Arg('input', () => ApplicationCommandInput, { description: 'The application.' }) input: ApplicationCommandInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, advanceStage, input, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description:
      'Takes an application in hand, when nobody has it. For intake, reviewers and deciders who handle its stage.',
  })
  claimApplication(
    @Arg('input', () => ApplicationCommandInput, { description: 'The application.' }) input: ApplicationCommandInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, claimApplication, input, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Gives an application back to its queue. For whoever has it in hand, and program managers.',
  })
  releaseApplication(
    @Arg('input', () => ApplicationCommandInput, { description: 'The application.' }) input: ApplicationCommandInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, releaseApplication, input, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Puts the application into somebody’s hands, or into nobody’s. For staff who handle applications.',
  })
  assignApplication(
    @Arg('input', () => AssignApplicationInput, { description: 'Which application, and who.' })
    input: AssignApplicationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(
      this.#doorway,
      assignApplication,
      { ...input, staffId: input.staffId ?? null },
      request,
      info,
      { staffId: 'staff' },
    );
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Returns the application to be corrected and submitted again. For intake officers and reviewers.',
  })
  returnForCorrection(
    @Arg('input', () => ReasonedApplicationInput, { description: 'The application, and what to correct.' })
    input: ReasonedApplicationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, returnForCorrection, input, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Closes the application without deciding it. For intake officers and program managers.',
  })
  returnWithoutAction(
    @Arg('input', () => ReasonedApplicationInput, { description: 'The application, and why.' })
    input: ReasonedApplicationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, returnWithoutAction, input, request, info);
  }

  /** Answers with the application that was started, which is another than the one named. */
  #answerWithDraft(
    command: typeof startAmendment,
    input: ApplicationCommandInput,
    request: Request,
    info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(applicationById, info, 'application');
      const applicationId = decodeId('application', input.applicationId, ['applicationId']);
      const started = await this.#doorway.execute(command, { ...input, applicationId }, request.command);
      return { application: await request.reading.object(applicationById, started.applicationId, info, 'application') };
    });
  }
}
