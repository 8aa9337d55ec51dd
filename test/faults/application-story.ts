import { createHash } from 'node:crypto';
import { completeAnswers, pdf } from '../../src/demo/applying.js';
import { type Fields, textAt, valueAt } from '../../src/demo/portal-client.js';
import type { EventName } from '../../src/events/catalogue.js';
import type { Chance } from './chance.js';
import type { Ledger } from './ledger.js';
import type { PersistentClient } from './persistent-client.js';

/** The cast, as clients that do not give up. */
export interface PersistentCast {
  readonly owner: PersistentClient;
  readonly intake: PersistentClient;
  readonly intakeStaffId: string;
  readonly reviewers: readonly [PersistentClient, PersistentClient];
  readonly deciders: readonly [PersistentClient, PersistentClient, PersistentClient, PersistentClient];
  readonly provisioning: PersistentClient;
  readonly programId: string;
  readonly termsId: string;
}

export interface StoryParts {
  readonly cast: PersistentCast;
  readonly ledger: Ledger;
  readonly chance: Chance;
  readonly organizationId: string;
}

/** What an application command causes when it is done. A countersignature depends on what is countersigned. */
const causes: Readonly<Record<string, readonly EventName[]>> = {
  saveDraft: ['application.draft_saved'],
  acceptTerms: ['application.terms_accepted'],
  submitApplication: ['application.submitted'],
  withdrawApplication: ['application.withdrawn'],
  startReview: ['application.review_started'],
  advanceStage: ['application.stage_advanced'],
  assignApplication: ['application.assigned'],
  returnForCorrection: ['application.returned_for_correction'],
  requestInformation: ['application.information_requested'],
  respondToInformationRequest: ['application.information_provided'],
  giveRecommendation: ['application.recommended'],
  proposeDecision: ['application.decision_proposed'],
  declineToCountersign: ['application.countersignature_declined'],
  appealDecision: ['application.appealed'],
};

/** The largest document that is uploaded, in bytes: enough for kills to meet some of them half-way. */
const largestDocument = 400_000;

/** One application from its draft to its end, each command given once and insisted on. */
export class ApplicationStory {
  readonly #parts: StoryParts;
  readonly #id: string;

  private constructor(parts: StoryParts, id: string) {
    this.#parts = parts;
    this.#id = id;
  }

  static async start(parts: StoryParts): Promise<ApplicationStory> {
    const { cast, organizationId } = parts;
    const payload = await cast.owner.give({
      organizationId,
      applicationId: null,
      name: 'startApplication',
      input: { organizationId, programId: cast.programId },
      about: 'application',
      selection: selecting(''),
      events: ['application.started'],
    });
    return new ApplicationStory(parts, textAt(payload, 'application', 'id'));
  }

  /** Plays to an end that chance picks. */
  async play(): Promise<void> {
    const { chance, cast } = this.#parts;
    await this.#submit();
    if (chance.isOneIn(6)) return this.#withdraw();
    if (chance.isOneIn(4)) await this.#correct();
    await this.#review();
    const [first, second, third, fourth] = cast.deciders;
    if (chance.isOneIn(5)) await this.#decline(first, second);
    const outcome = chance.oneOf(['APPROVE', 'APPROVE_WITH_CONDITIONS', 'REFUSE', 'APPROVE']);
    await this.#decide(first, second, outcome);
    if (outcome === 'REFUSE' && chance.isOneIn(2)) {
      await this.#give(cast.owner, 'appealDecision', { grounds: 'The end use is described in the second document.' });
      await this.#decide(third, fourth, 'APPROVE');
    }
    const known = this.#parts.ledger.applications.get(this.#id);
    if (known) known.isOver = true;
  }

  async #submit(): Promise<void> {
    const { owner, termsId } = this.#parts.cast;
    await this.#give(owner, 'saveDraft', { answers: completeAnswers });
    await this.#upload('end-use-statement');
    await this.#upload('security-program');
    await this.#give(owner, 'acceptTerms', { termsId });
    await this.#give(owner, 'submitApplication', { expectedVersion: this.#version });
  }

  async #withdraw(): Promise<void> {
    const { intake, owner } = this.#parts.cast;
    await this.#give(intake, 'requestInformation', { questions: [{ text: 'Is this another product?' }] });
    await this.#give(owner, 'withdrawApplication', { expectedVersion: this.#version });
    const known = this.#parts.ledger.applications.get(this.#id);
    if (known) known.isOver = true;
  }

  async #correct(): Promise<void> {
    const { intake, owner } = this.#parts.cast;
    await this.#give(intake, 'returnForCorrection', { reason: 'Say how many seats are needed.' });
    await this.#give(owner, 'saveDraft', { answers: { seats: 7 }, expectedVersion: this.#version });
    await this.#give(owner, 'submitApplication', { expectedVersion: this.#version });
  }

  async #review(): Promise<void> {
    const { intake, intakeStaffId, reviewers } = this.#parts.cast;
    await this.#give(intake, 'startReview', { expectedVersion: this.#version });
    await this.#give(intake, 'assignApplication', { staffId: intakeStaffId });
    if (this.#parts.chance.isOneIn(3)) await this.#question();
    await this.#give(intake, 'advanceStage', { expectedVersion: this.#version });
    // Both at the same moment: they take turns at the application's row.
    await Promise.all(
      reviewers.map((reviewer) =>
        this.#give(reviewer, 'giveRecommendation', { kind: 'APPROVE', comment: 'Sound and bounded.' }),
      ),
    );
    await this.#give(reviewers[0], 'advanceStage', { expectedVersion: this.#version });
  }

  async #question(): Promise<void> {
    const { intake, owner } = this.#parts.cast;
    const asked = await this.#give(
      intake,
      'requestInformation',
      { questions: [{ text: 'Who administers the isolated copy?' }] },
      'informationRequests { id isOpen }',
    );
    const informationRequestId = idAmong(asked, 'informationRequests', 'isOpen', true);
    await this.#upload('information-request', informationRequestId);
    await this.#give(owner, 'respondToInformationRequest', {
      informationRequestId,
      answers: [{ question: 1, text: 'Two of our engineers.' }],
    });
  }

  async #decide(proposer: PersistentClient, countersigner: PersistentClient, outcome: string): Promise<void> {
    const decisionId = await this.#propose(proposer, outcome);
    const events = outcome === 'REFUSE' ? refused : approved;
    const input = { decisionId, expectedVersion: this.#version };
    const decided = await this.#give(countersigner, 'countersignDecision', input, 'grant { id }', events);
    if (outcome === 'REFUSE') return;
    const grantId = textAt(decided, 'application', 'grant', 'id');
    await this.#parts.cast.provisioning.give({
      organizationId: this.#parts.organizationId,
      applicationId: this.#id,
      name: 'acknowledgeProvisioning',
      input: { grantId },
      about: 'grant',
      selection: 'grant { id status }',
      events: ['grant.activated'],
    });
  }

  async #decline(proposer: PersistentClient, countersigner: PersistentClient): Promise<void> {
    const decisionId = await this.#propose(proposer, 'REFUSE');
    await this.#give(countersigner, 'declineToCountersign', { decisionId, reason: 'The reasons do not hold.' });
  }

  async #propose(proposer: PersistentClient, outcome: string): Promise<string> {
    const proposal = {
      outcome,
      reasons: outcome === 'REFUSE' ? ['The end use is not described well enough.'] : [],
      conditions: outcome === 'APPROVE_WITH_CONDITIONS' ? ['The copy stays isolated.'] : [],
    };
    const proposed = await this.#give(proposer, 'proposeDecision', proposal, 'decisions { id status }');
    return idAmong(proposed, 'decisions', 'status', 'PROPOSED');
  }

  async #upload(requirementKey: string, informationRequestId?: string): Promise<void> {
    const { cast, chance, ledger, organizationId } = this.#parts;
    const text = `${this.#id} ${requirementKey} ${chance.next()} `;
    const bytes = pdf(text.repeat(Math.ceil(chance.between(1, largestDocument) / text.length)));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const place = { organizationId, applicationId: this.#id, about: 'document' } as const;
    const announced = await cast.owner.give({
      ...place,
      name: 'requestDocumentUpload',
      input: {
        applicationId: this.#id,
        requirementKey,
        ...(informationRequestId ? { informationRequestId } : {}),
        fileName: `${requirementKey}.pdf`,
        mediaType: 'application/pdf',
        size: bytes.byteLength,
        sha256,
      },
      selection: 'document { id } upload { url headers { name value } }',
      events: ['document.upload_requested'],
    });
    const headers = valueAt(announced, 'upload', 'headers') as { name: string; value: string }[];
    await cast.owner.send(
      textAt(announced, 'upload', 'url'),
      Object.fromEntries(headers.map(({ name, value }) => [name, value])),
      bytes,
    );
    const documentId = textAt(announced, 'document', 'id');
    await cast.owner.give({
      ...place,
      name: 'completeDocumentUpload',
      input: { documentId },
      selection: 'document { id status }',
      events: ['document.added'],
    });
    ledger.documents.push({ id: documentId, applicationId: this.#id, sha256 });
  }

  /** The version that the last answer told. */
  get #version(): number | undefined {
    return this.#parts.ledger.applications.get(this.#id)?.version;
  }

  #give(
    who: PersistentClient,
    name: string,
    input: Fields,
    selection = '',
    events: readonly EventName[] = causes[name] ?? [],
  ): Promise<Fields> {
    return who.give({
      organizationId: this.#parts.organizationId,
      applicationId: this.#id,
      name,
      input: { applicationId: this.#id, ...input },
      about: 'application',
      selection: selecting(selection),
      events,
    });
  }
}

const approved = ['application.approved', 'grant.created'] as const;
const refused = ['application.refused'] as const;

function selecting(further: string): string {
  return `application { id status version revision ${further} }`;
}

/** The id of the one in a list of the application that has this value. */
function idAmong(payload: Fields, list: string, field: string, wanted: unknown): string {
  const found = valueAt(payload, 'application', list);
  if (!Array.isArray(found)) throw new Error(`The answer holds no ${list}.`);
  return textAt(
    found.find((item) => valueAt(item, field) === wanted),
    'id',
  );
}
