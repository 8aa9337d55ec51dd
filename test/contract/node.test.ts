import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isInterfaceType } from 'graphql';
import { sql } from 'kysely';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { encodeId } from '../../src/platform/ids.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { buildPortalSchema } from '../../src/schema.js';
import { eventually, look, lookAtGrant, type Partner, refusal, Story } from '../journeys/story.js';
import { templateInput } from '../letters/letter-template.js';
import { importTestList } from '../screening/importing.js';

/** An object of a type, and somebody who sees it. */
interface Seen {
  readonly id: string;
  readonly by: PortalClient;
}

const receiver = '127.0.0.1:9';

const schema = buildPortalSchema();
const nodeInterface = schema.getType('Node');
const implementers = isInterfaceType(nodeInterface)
  ? schema.getImplementations(nodeInterface).objects.map(({ name }) => name)
  : [];

describe('node(id:)', () => {
  let story: Story;
  const seen = new Map<string, Seen>();

  beforeAll(async () => {
    story = await Story.open({ environment: { WEBHOOK_ALLOWED_HOSTS: receiver } });
    const partner = await story.partner('Nora Node', 'Nodal Works');
    const { owner, organizationId } = partner;
    const admin = await story.staff('ADMIN');
    const reviewer = await story.staff('REVIEWER');
    const see = (type: string, by: PortalClient, answer: unknown, ...path: readonly (string | number)[]) =>
      seen.set(type, { id: textAt(answer, ...path, 'id'), by });

    const grantId = await story.granted(partner);
    seen.set('Grant', { id: grantId, by: owner });
    const user = { grantId, displayName: 'Una User', email: 'una@nodal.example', exportStatus: 'UNRESTRICTED' };
    see('NamedUser', owner, await owner.must('addNamedUser', user, 'namedUser { id }'), 'namedUser');
    // The portal opens one when it is time.
    const due = await sql<{
      id: string;
    }>`insert into recertification (id, grant_id, organization_id, status, opened_at, due_at)
      select gen_random_uuid(), id, organization_id, 'DUE', now(), now() + interval '30 days' from access_grant returning id`.execute(
      story.desk.database.kysely(),
    );
    seen.set('Recertification', { id: encodeId('recertification', due.rows[0]?.id ?? ''), by: owner });
    const applicationId = textAt(await lookAtGrant(owner, grantId, 'applicationId'), 'applicationId');
    const approved = await look(
      owner,
      applicationId,
      'id documents { id } decisions { id } revisions { id } programVersion { terms { id } } program { id } createdBy { id }',
    );
    see('Application', owner, approved);
    see('Document', owner, approved, 'documents', 0);
    see('Decision', owner, approved, 'decisions', 0);
    see('ApplicationRevision', owner, approved, 'revisions', 0);
    see('TermsVersion', owner, approved, 'programVersion', 'terms');
    see('Program', owner, approved, 'program');
    see('Person', owner, approved, 'createdBy');
    see(
      'Recommendation',
      reviewer,
      await look(reviewer, applicationId, 'recommendations { id }'),
      'recommendations',
      0,
    );

    await eventually(async () => {
      see('DecisionLetter', owner, await look(owner, applicationId, 'decisionLetters { id }'), 'decisionLetters', 0);
    });
    const manager = await story.staff('PROGRAM_MANAGER');
    const text = await manager.must('publishLetterTemplate', { template: templateInput }, 'letterTemplate { id }');
    see('LetterTemplate', reviewer, text, 'letterTemplate');

    const intake = await story.staff('INTAKE');
    const checked = await story.submittedTo(partner, await programWithCheck(story));
    await intake.must('startReview', { applicationId: checked });
    const check = { applicationId: checked, check: 'registered', outcome: 'PASSED', note: 'Looked up.' };
    const marked = await intake.must('markCheck', check, 'application { checkResults { id } }');
    see('CheckResult', reviewer, marked, 'application', 'checkResults', 0);

    const asked = await story.submitted(partner);
    await intake.must('requestInformation', { applicationId: asked, questions: [{ text: 'Which plant?' }] });
    await (await story.staff('INTAKE', 2)).must('declareRecusal', {
      applicationId: asked,
      reason: 'A former employer.',
    });
    const open = await look(reviewer, asked, 'recusals { id } informationRequests { id }');
    see('Recusal', reviewer, open, 'recusals', 0);
    see('InformationRequest', owner, open, 'informationRequests', 0);

    await owner.must('inviteMember', { organizationId, email: 'somebody@partner.example.org', role: 'VIEWER' });
    const organization = await owner.ask(
      'query ($id: ID!) { organization(id: $id) { id members { id } openInvitations { id } } }',
      { id: organizationId },
    );
    see('Organization', owner, organization, 'organization');
    see('Membership', owner, organization, 'organization', 'members', 0);
    see('Invitation', owner, organization, 'organization', 'openInvitations', 0);

    await owner.must('withdrawApplication', { applicationId: checked });
    const mistake = { applicationId: checked, reason: 'By mistake.', internalReason: 'By a colleague.' };
    const reopening = await admin.must('proposeReopening', mistake, 'application { reopenings { id } }');
    see('Reopening', admin, reopening, 'application', 'reopenings', 0);

    const key = await owner.must('createApiKey', { organizationId, name: 'A key', scopes: ['READ'] }, 'apiKey { id }');
    see('ApiKey', owner, key, 'apiKey');
    see('SavedView', admin, await admin.must('createSavedView', { name: 'All' }, 'savedView { id }'), 'savedView');
    see('StaffMember', admin, await admin.ask('{ staff { id } }'), 'staff', 0);
    see('AuditRecord', admin, await admin.ask('{ auditLog(first: 1) { nodes { id } } }'), 'auditLog', 'nodes', 0);

    const bulk = { applicationIds: [asked] };
    see('BulkOperation', reviewer, await reviewer.must('assignApplications', bulk, 'operation { id }'), 'operation');

    const written = await owner.must(
      'sendMessage',
      { applicationId: asked, text: 'Which one do you mean?' },
      'application { messages { nodes { id } } }',
    );
    see('Message', owner, written, 'application', 'messages', 'nodes', 0);
    const noted = { applicationId: asked, text: 'They have two plants.' };
    see('Note', reviewer, await reviewer.must('addNote', noted, 'note { id }'), 'note');

    await importTestList(story.desk, [{ id: 'n', kind: 'ORGANIZATION', name: 'Nodal Works' }]);
    const screened = await reviewer.must('screenOrganization', { organizationId }, 'run { id }');
    see('ScreeningRun', reviewer, screened, 'run');
    see('ScreeningList', reviewer, await reviewer.ask('{ screeningLists { id } }'), 'screeningLists', 0);
    const hits = await reviewer.ask('{ screeningHits(first: 1) { nodes { id } } }');
    see('ScreeningHit', reviewer, hits, 'screeningHits', 'nodes', 0);
    const proposed = await reviewer.must(
      'proposeAdjudication',
      { hitId: textAt(hits, 'screeningHits', 'nodes', 0, 'id'), verdict: 'FALSE_POSITIVE', reason: 'Another one.' },
      'hit { adjudications { id } }',
    );
    see('Adjudication', reviewer, proposed, 'hit', 'adjudications', 0);

    const meaning = { key: 'of-note', label: 'Of note', colour: 'BLUE', description: 'Something is special.' };
    const defined = await admin.must('createFlagDefinition', meaning, 'flagDefinition { id }');
    see('FlagDefinition', reviewer, defined, 'flagDefinition');
    const raising = { organizationId, flag: 'of-note', reason: 'A hunch.' };
    see('Flag', reviewer, await reviewer.must('raiseFlag', raising, 'flag { id }'), 'flag');

    const words = { kind: 'CONDITION', code: 'own-systems', title: 'Own systems', text: 'Own systems only.' };
    const standard = await manager.must('createStandardText', words, 'standardText { id current { id } }');
    see('StandardText', reviewer, standard, 'standardText');
    see('StandardTextVersion', reviewer, standard, 'standardText', 'current');
    const announced = await announcedRefusal(story, partner);
    see('IntentToRefuse', owner, await look(owner, announced, 'intentsToRefuse { id }'), 'intentsToRefuse', 0);

    const week = {
      startsAt: new Date(Date.now() + 86_400_000).toISOString(),
      endsAt: new Date(Date.now() + 8 * 86_400_000).toISOString(),
    };
    const away = await reviewer.must('addAwayPeriod', week, 'staffMember { awayPeriods { id } }');
    await eventually(async () => {
      const inbox = await owner.ask('{ inbox { notifications(first: 1) { nodes { id } } } }');
      see('Notification', owner, inbox, 'inbox', 'notifications', 'nodes', 0);
    });
    see('AwayPeriod', reviewer, away, 'staffMember', 'awayPeriods', 0);

    see('Product', owner, await owner.ask('{ products { id } }'), 'products', 0);
    const ministry = { name: 'Ministry of Trade', jurisdiction: 'NL' };
    const registered = await manager.must('registerAuthority', ministry, 'authority { id }');
    see('Authority', reviewer, registered, 'authority');
    const today = new Date(Date.now() - 1000).toISOString();
    const letter = {
      authorityId: textAt(registered, 'authority', 'id'),
      ...{ reference: 'L-1', summary: 'Some may.', issuedAt: today, receivedAt: today, effectiveAt: today },
      ...{ kind: 'AUTHORIZE', terms: { products: ['mythos-5'] }, entries: [{ name: 'Nodal', effect: 'PERMITS' }] },
    };
    const recorded = await manager.must('recordDirective', letter, 'directive { id entries { nodes { id } } }');
    see('Directive', reviewer, recorded, 'directive');
    const file = { fileName: 'letter.txt', mediaType: 'text/plain', size: 8, sha256: 'ab'.repeat(32) };
    const announcement = { directiveId: textAt(recorded, 'directive', 'id'), ...file };
    const letterAnnounced = await manager.must('requestDirectiveLetterUpload', announcement, 'letter { id }');
    see('DirectiveLetter', reviewer, letterAnnounced, 'letter');
    see('DirectiveEntry', reviewer, recorded, 'directive', 'entries', 'nodes', 0);

    const productId = seen.get('Product')?.id;
    const wave = { productId, name: 'The first', opensAt: '2030-01-01T00:00:00Z' };
    const restoration = { productId, reason: 'Permitted.', batches: [{ opensAt: wave.opensAt }] };
    const planned = await manager.must('planRestoration', restoration, 'restoration { id }');
    see('Restoration', reviewer, planned, 'restoration');
    see('Wave', reviewer, await manager.must('planWave', wave, 'wave { id }'), 'wave');
    const provisioning = { name: 'Provisioner', scopes: ['GRANTS_PROVISION'] };
    const machine = await admin.must('createApiKey', provisioning, 'apiKey { id }');
    const apiKeyId = textAt(machine, 'apiKey', 'id');
    const system = { name: 'Provisioner', apiKeyId, productCodes: ['mythos-5'], duties: ['PROVISION'] };
    const made = await admin.must('registerProvisioningSystem', system, 'system { id }');
    see('ProvisioningSystem', reviewer, made, 'system');
    const tasks = await reviewer.ask('{ provisioningTasks(first: 1) { nodes { id } } }');
    see('ProvisioningTask', reviewer, tasks, 'provisioningTasks', 'nodes', 0);

    const endpoint = await owner.must(
      'createWebhookEndpoint',
      { organizationId, url: `http://${receiver}/`, description: 'Nobody listens', eventTypes: [] },
      'webhookEndpoint { id }',
    );
    see('WebhookEndpoint', owner, endpoint, 'webhookEndpoint');
    await owner.must('pingWebhookEndpoint', { endpointId: textAt(endpoint, 'webhookEndpoint', 'id') });
    await eventually(async () => {
      const found = await owner.ask(
        'query ($id: ID!) { webhookEndpoints(organizationId: $id) { deliveries { nodes { id } } } }',
        { id: organizationId },
      );
      see('WebhookDelivery', owner, found, 'webhookEndpoints', 0, 'deliveries', 'nodes', 0);
    });
  }, 180_000);

  afterAll(() => story.close());

  const query = 'query ($id: ID!) { node(id: $id) { __typename id } }';

  it.each(implementers)('finds %s again', async (type) => {
    const { id, by } = seen.get(type) ?? { id: '', by: story.desk.stranger };
    expect(await by.ask(query, { id })).toEqual({ node: { __typename: type, id } });
  });

  async function foundBy(client: PortalClient): Promise<string[]> {
    const found: string[] = [];
    for (const [type, { id }] of seen) {
      if (valueAt(await client.ask(query, { id }), 'node') !== null) found.push(type);
    }
    return found;
  }

  it('finds nothing for a stranger', async () => {
    expect(await foundBy(story.desk.stranger)).toEqual([]);
  });

  it('finds for a person of no organization only what every person may see', async () => {
    const found = await foundBy(await story.desk.person('Otto Outsider'));
    expect(found.sort()).toEqual(['Product', 'Program', 'TermsVersion']);
  });
});

/** An application that is to be refused, and not refused yet. */
async function announcedRefusal(story: Story, partner: Partner): Promise<string> {
  const workflow = { ...sampleProgram.version.workflow, intentToRefuseDays: 14 };
  const program = { code: 'announcing', version: { ...sampleProgram.version, workflow } };
  const programId = encodeId('program', await story.desk.program(program));
  const applicationId = await story.atDecision(partner, programId);
  const decisionId = await story.propose(applicationId, refusal);
  await (await story.staff('DECIDER', 2)).must('countersignDecision', { applicationId, decisionId });
  return applicationId;
}

async function programWithCheck(story: Story): Promise<string> {
  const { workflow } = sampleProgram.version;
  const requiredChecks = [{ key: 'registered', title: 'Registered', by: ['INTAKE'] as const }];
  const stages = workflow.stages.map((stage) => ({ ...stage, requiredChecks }));
  const version = { ...sampleProgram.version, workflow: { ...workflow, stages } };
  return encodeId('program', await story.desk.program({ code: 'checked', version }));
}
