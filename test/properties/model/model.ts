/**
 * What an application is and who may do what to it, written down a second time and as plainly as possible, from
 * docs/lifecycle.md and not from the code: when the two differ, one of them is wrong.
 */

export type PartnerRole = 'OWNER' | 'APPLICANT' | 'VIEWER';
export type StaffRole = 'INTAKE' | 'REVIEWER' | 'DECIDER' | 'PROGRAM_MANAGER' | 'AUDITOR' | 'ADMIN';

export interface Person {
  readonly name: string;
  readonly personId: string;
  readonly staff: readonly StaffRole[];
  /** In the organization that applies; null for whoever does not belong to it. */
  readonly partner: PartnerRole | null;
}

export type StageKey = 'screening' | 'review' | 'decision';

/** Reviewers whose recommendations the review asks for. */
export const quorum = 2;

export interface Model {
  status: string;
  before: string | null;
  stage: StageKey | null;
  revision: number;
  /** Who recommends at the review of this revision. */
  readonly recommended: Set<string>;
  /** Who marked the check of the review as passed; null when nobody did. */
  passedBy: string | null;
  proposedBy: string | null;
  proposed: 'APPROVE' | 'REFUSE' | null;
  /** Who gave the first of the two countersignatures that an approval needs. */
  signedBy: string | null;
  /** Who proposed and countersigned the refusal that is announced. */
  announcedBy: readonly string[];
  /** Did the partner answer an announced refusal? */
  hasAnswered: boolean;
  readonly judges: Set<string>;
  readonly recused: Set<string>;
  isAppealed: boolean;
  /** Who proposed to reopen it. */
  reopener: string | null;
  /** What it was before it ended. */
  stoppedAt: string | null;
  /** Who decided what was appealed, and who decided last; the others of `judges` decided what was set aside. */
  readonly appealedJudges: Set<string>;
  /** Whether the partner asks for more time to answer. */
  wantsTime: boolean;
  /** How many requests were answered. */
  answered: number;
  clock: 'RUNNING' | 'PAUSED' | null;
  /** Commands that were accepted. */
  accepted: number;
}

/** A draft in which nothing is lacking. */
export function completeDraft(): Model {
  return {
    status: 'DRAFT',
    before: null,
    stage: null,
    revision: 0,
    recommended: new Set(),
    passedBy: null,
    proposedBy: null,
    proposed: null,
    signedBy: null,
    announcedBy: [],
    hasAnswered: false,
    judges: new Set(),
    recused: new Set(),
    isAppealed: false,
    reopener: null,
    stoppedAt: null,
    appealedJudges: new Set(),
    wantsTime: false,
    answered: 0,
    clock: null,
    accepted: 0,
  };
}

interface ModelledCommand {
  may(model: Model, person: Person): boolean;
  /** What becomes of the application. */
  does(model: Model, person: Person): void;
}

const writes = ({ partner }: Person) => partner === 'OWNER' || partner === 'APPLICANT';

/** Staff who hold one of the roles and have nothing to do with the organization. */
const judges = (model: Model, person: Person, ...roles: readonly StaffRole[]) =>
  person.partner === null && !model.recused.has(person.personId) && roles.some((role) => person.staff.includes(role));

const counted = (model: Model) => [...model.recommended].filter((one) => !model.recused.has(one)).length;
const isChecked = ({ passedBy, recused }: Model) => passedBy !== null && !recused.has(passedBy);

const mayDecide = (model: Model, person: Person) =>
  judges(model, person, 'DECIDER') && !model.judges.has(person.personId);
const mayCountersign = (model: Model, person: Person) =>
  mayDecide(model, person) && model.status === 'DECISION_PROPOSED' && model.proposedBy !== person.personId;

/** Not with a grant that goes on, as every approval here has one. */
const isClosed = ({ status }: Model) => ['REFUSED', 'WITHDRAWN', 'CLOSED'].includes(status);
const mayAnswerReopening = (model: Model, person: Person) =>
  judges(model, person, 'ADMIN') && isClosed(model) && model.reopener !== null && model.reopener !== person.personId;
const isAsked = ({ status }: Model) => status === 'INFORMATION_REQUESTED';
const reviews = (model: Model, person: Person) => judges(model, person, 'INTAKE', 'REVIEWER', 'DECIDER');

const openStatuses = ['SUBMITTED', 'IN_REVIEW', 'INFORMATION_REQUESTED', 'DECISION_PROPOSED', 'UNDER_APPEAL'];
const isHandled = ({ status }: Model) => status === 'SUBMITTED' || status === 'IN_REVIEW';

function enter(model: Model, stage: StageKey | null): void {
  model.stage = stage;
  model.clock = 'RUNNING';
}

/** Where the work on it stopped. */
function reopen(model: Model): void {
  if (model.status === 'REFUSED') {
    // Whoever took the decision that is set aside may take it again.
    model.judges.clear();
    for (const judge of model.appealedJudges) model.judges.add(judge);
    model.status = model.isAppealed ? 'UNDER_APPEAL' : 'IN_REVIEW';
    enter(model, 'decision');
  } else if (model.stoppedAt === 'RETURNED') {
    model.status = 'RETURNED';
  } else {
    model.status = model.stage === null ? 'SUBMITTED' : 'IN_REVIEW';
    enter(model, model.stage);
  }
}

function ask(model: Model): void {
  model.before = model.status;
  model.status = 'INFORMATION_REQUESTED';
  model.clock = 'PAUSED';
}

function goOn(model: Model): void {
  model.status = model.before ?? '';
  model.before = null;
  model.clock = 'RUNNING';
  model.wantsTime = false;
}

function end(model: Model, status: string): void {
  model.stoppedAt = model.status;
  model.wantsTime = false;
  model.status = status;
  model.clock = null;
  model.proposedBy = null;
  model.signedBy = null;
}

export const commands = {
  submit: {
    may: (model, person) => writes(person) && ['DRAFT', 'RETURNED'].includes(model.status),
    does(model) {
      model.status = 'SUBMITTED';
      model.revision += 1;
      model.recommended.clear();
      model.passedBy = null;
      enter(model, null);
    },
  },
  withdraw: {
    may: ({ status, before }, person) =>
      writes(person) &&
      (['DRAFT', 'RETURNED', 'SUBMITTED', 'IN_REVIEW', 'INFORMATION_REQUESTED', 'INTENT_TO_REFUSE'].includes(status) ||
        (status === 'DECISION_PROPOSED' && before === 'IN_REVIEW')),
    does: (model) => end(model, 'WITHDRAWN'),
  },
  respond: {
    may: (model, person) => writes(person) && isAsked(model),
    does(model) {
      goOn(model);
      model.answered += 1;
    },
  },
  saveAnswers: {
    may: (model, person) => writes(person) && isAsked(model),
    does: () => {},
  },
  requestExtension: {
    may: (model, person) => writes(person) && isAsked(model) && !model.wantsTime,
    does(model) {
      model.wantsTime = true;
    },
  },
  discuss: {
    may: (model, person) => isAsked(model) && (writes(person) || reviews(model, person)),
    does: () => {},
  },
  extendDueDate: {
    may: (model, person) => isAsked(model) && reviews(model, person),
    does(model) {
      model.wantsTime = false;
    },
  },
  refuseExtension: {
    may: (model, person) => isAsked(model) && model.wantsTime && reviews(model, person),
    does(model) {
      model.wantsTime = false;
    },
  },
  withdrawRequest: {
    may: (model, person) => isAsked(model) && reviews(model, person),
    does: goOn,
  },
  reopenRequest: {
    may: (model, person) => isHandled(model) && model.answered > 0 && reviews(model, person),
    does(model) {
      ask(model);
      model.answered -= 1;
    },
  },
  appeal: {
    may: ({ status, isAppealed }, { partner }) => partner === 'OWNER' && status === 'REFUSED' && !isAppealed,
    does(model) {
      model.status = 'UNDER_APPEAL';
      model.isAppealed = true;
      model.reopener = null;
      for (const judge of model.judges) model.appealedJudges.add(judge);
      enter(model, 'decision');
    },
  },
  startReview: {
    may: (model, person) => judges(model, person, 'INTAKE') && model.status === 'SUBMITTED',
    does(model) {
      model.status = 'IN_REVIEW';
      enter(model, 'screening');
    },
  },
  requestInformation: {
    may: (model, person) => reviews(model, person) && isHandled(model),
    does: ask,
  },
  returnForCorrection: {
    may: (model, person) => judges(model, person, 'INTAKE', 'REVIEWER') && isHandled(model),
    does(model) {
      end(model, 'RETURNED');
      model.stage = null;
    },
  },
  returnWithoutAction: {
    may: (model, person) => judges(model, person, 'INTAKE', 'PROGRAM_MANAGER') && isHandled(model),
    does: (model) => end(model, 'CLOSED'),
  },
  recommend: {
    may: (model, person) =>
      judges(model, person, 'REVIEWER') && model.status === 'IN_REVIEW' && model.stage === 'review',
    does: (model, { personId }) => void model.recommended.add(personId),
  },
  markCheck: {
    may: (model, person) => judges(model, person, 'INTAKE') && model.status === 'IN_REVIEW' && model.stage === 'review',
    does(model, { personId }) {
      model.passedBy = personId;
    },
  },
  advanceStage: {
    may: (model, person) =>
      model.status === 'IN_REVIEW' &&
      ((model.stage === 'screening' && judges(model, person, 'INTAKE', 'REVIEWER')) ||
        (model.stage === 'review' &&
          judges(model, person, 'REVIEWER', 'DECIDER') &&
          counted(model) >= quorum &&
          isChecked(model))),
    does: (model) => enter(model, model.stage === 'screening' ? 'review' : 'decision'),
  },
  proposeDecision: {
    may: (model, person) =>
      mayDecide(model, person) &&
      (model.status === 'UNDER_APPEAL' || (model.status === 'IN_REVIEW' && model.stage === 'decision')),
    does(model, { personId }) {
      model.before = model.status;
      model.status = 'DECISION_PROPOSED';
      model.proposedBy = personId;
      model.clock = 'RUNNING';
    },
  },
  countersign: {
    may: (model, person) => mayCountersign(model, person) && model.signedBy !== person.personId,
    does(model, { personId }) {
      // Two countersign an approval, and one a refusal.
      if (model.proposed === 'APPROVE' && model.signedBy === null) {
        model.signedBy = personId;
        return;
      }
      const deciders = [model.proposedBy, model.signedBy, personId].filter((one) => one !== null);
      const isAnnounced = model.proposed === 'REFUSE' && model.before === 'IN_REVIEW' && !model.hasAnswered;
      model.before = null;
      if (isAnnounced) {
        end(model, 'INTENT_TO_REFUSE');
        model.clock = 'PAUSED';
        model.announcedBy = deciders;
        return;
      }
      for (const decider of deciders) model.judges.add(decider);
      end(model, model.proposed === 'APPROVE' ? 'APPROVED' : 'REFUSED');
    },
  },
  declineToCountersign: {
    may: mayCountersign,
    does(model) {
      model.status = model.before ?? '';
      model.before = null;
      model.proposedBy = null;
      model.signedBy = null;
      model.clock = 'RUNNING';
    },
  },
  answerIntentToRefuse: {
    may: ({ status }, person) => writes(person) && status === 'INTENT_TO_REFUSE',
    does(model) {
      model.status = 'IN_REVIEW';
      model.hasAnswered = true;
      enter(model, 'decision');
    },
  },
  acceptIntentToRefuse: {
    may: ({ status }, { partner }) => partner === 'OWNER' && status === 'INTENT_TO_REFUSE',
    does(model) {
      for (const decider of model.announcedBy) model.judges.add(decider);
      end(model, 'REFUSED');
    },
  },
  rescindIntentToRefuse: {
    may: (model, person) => judges(model, person, 'PROGRAM_MANAGER') && model.status === 'INTENT_TO_REFUSE',
    does(model) {
      model.status = 'IN_REVIEW';
      enter(model, 'decision');
    },
  },
  assign: {
    may: (model, person) =>
      judges(model, person, 'INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER') && openStatuses.includes(model.status),
    does: () => {},
  },
  sendMessage: {
    may: (model, person) =>
      model.revision > 0 &&
      (writes(person) || judges(model, person, 'INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER')),
    does: () => {},
  },
  writeNote: {
    may: (model, person) =>
      model.revision > 0 && judges(model, person, 'INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER'),
    does: () => {},
  },
  recuse: {
    may: ({ status, recused }, { personId, staff }) =>
      staff.some((role) => ['INTAKE', 'REVIEWER', 'DECIDER'].includes(role)) &&
      [...openStatuses, 'INTENT_TO_REFUSE'].includes(status) &&
      !recused.has(personId),
    does: (model, { personId }) => void model.recused.add(personId),
  },
  proposeReopening: {
    may: (model, person) =>
      judges(model, person, 'ADMIN') && model.revision > 0 && isClosed(model) && model.reopener === null,
    does(model, { personId }) {
      model.reopener = personId;
    },
  },
  confirmReopening: {
    may: mayAnswerReopening,
    does(model) {
      model.reopener = null;
      reopen(model);
    },
  },
  declineReopening: {
    may: mayAnswerReopening,
    does(model) {
      model.reopener = null;
    },
  },
} as const satisfies Record<string, ModelledCommand>;

export type ModelCommand = keyof typeof commands;
export const allCommands = Object.keys(commands) as ModelCommand[];

/** Those that bring an application nearer to its end, and beyond; and what can be done at places that few reach. */
export const onward: readonly ModelCommand[] = [
  'submit',
  'respond',
  'discuss',
  'requestExtension',
  'refuseExtension',
  'withdrawRequest',
  'extendDueDate',
  'reopenRequest',
  'appeal',
  'startReview',
  'recommend',
  'markCheck',
  'advanceStage',
  'proposeDecision',
  'countersign',
  'proposeReopening',
  'confirmReopening',
  'answerIntentToRefuse',
  'acceptIntentToRefuse',
  'rescindIntentToRefuse',
];
