import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Doorway } from '../doorway/doorway.js';
import { requirePermission } from '../doorway/requirements.js';
import type { RawSql } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import { decodeGivenId, decodeId } from '../platform/ids.js';
import { sampleFacts, templateInForce } from './decision-facts.queries.js';
import { letterReads, letterTemplateById } from './decision-letter.queries.js';
import {
  LetterKindEnum,
  LetterPreview,
  LetterTemplateConnection,
  LetterTemplatePayload,
} from './decision-letter.types.js';
import { letterFrom } from './letter-content.js';
import { letterAsPdf } from './letter-pdf.js';
import { publishLetterTemplate, requireGoodTemplate } from './letter-template.commands.js';
import type { LetterKind } from './letter-template.entity.js';
import { contentOf, LetterTemplateInput, PublishLetterTemplateInput } from './letter-template-inputs.types.js';

@Resolver()
export class DecisionLetterResolver {
  readonly #doorway: Doorway;
  readonly #database: RawSql;

  constructor(doorway: Doorway, database: RawSql) {
    this.#doorway = doorway;
    this.#database = database;
  }

  @Query(() => LetterTemplateConnection, {
    nullable: true,
    description: 'The versions of the text of decision letters, newest first. Staff only; null for others.',
  })
  letterTemplates(
    @Arg('programId', () => ID, { nullable: true, description: 'Only those for this program.' })
    _programId: string | null | undefined,
    @Args(() => PageArgs) _page: PageArgs,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.field(letterReads.letterTemplates, info);
  }

  @Query(() => LetterPreview, {
    description:
      'A letter as it would be, about an application that there is not: a dry run, which keeps nothing. For program managers.',
  })
  async previewDecisionLetter(
    @Arg('programId', () => ID, { description: 'The program.' }) programId: string,
    @Arg('kind', () => LetterKindEnum, { description: 'What the letter is to tell of.' }) kind: LetterKind,
    @Arg('template', () => LetterTemplateInput, {
      nullable: true,
      description: 'A text to try out; the one in force when not given.',
    })
    template: LetterTemplateInput | null | undefined,
    @Ctx() { actor, reading }: Request,
  ): Promise<LetterPreview> {
    requirePermission('manageLetterTemplates', actor, null);
    const id = decodeId('program', programId, ['programId']);
    const { now } = reading.viewer;
    const given = template ? contentOf(template) : null;
    if (given) requireGoodTemplate(given);
    const facts = await sampleFacts(this.#database, { programId: id, kind, now });
    if (!facts) throw Refusal.notFound('program', ['programId']);
    const { version, content } = given
      ? { version: 'preview', content: given }
      : await templateInForce(this.#database, id, now);
    const bytes = await letterAsPdf(letterFrom(content, { ...facts, templateVersion: version }));
    return { templateVersion: version, size: bytes.byteLength, pdf: bytes.toString('base64') };
  }

  @Mutation(() => LetterTemplatePayload, {
    description:
      'Publishes a version of the text of decision letters, for one program or for all. For program managers. Refused with everything that is wrong; letters of earlier decisions stay as they are.',
  })
  publishLetterTemplate(
    @Arg('input', () => PublishLetterTemplateInput, { description: 'The text, and for whom.' })
    input: PublishLetterTemplateInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(letterTemplateById, info, 'letterTemplate');
      const programId = decodeGivenId('program', input.programId, ['programId']);
      const given = { programId, template: contentOf(input.template), dryRun: input.dryRun ?? false };
      const { letterTemplateId } = await this.#doorway.execute(publishLetterTemplate, given, request.command);
      if (letterTemplateId === null) return { letterTemplate: null };
      return {
        letterTemplate: await request.reading.object(letterTemplateById, letterTemplateId, info, 'letterTemplate'),
      };
    });
  }
}
