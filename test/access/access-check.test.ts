import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, createRemoteJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { eventually, listAt, lookAtGrant, minute, type Partner, Story } from '../journeys/story.js';
import { bySystem } from '../support/portal.js';

const product = 'mythos-5';

describe('access', () => {
  let story: Story;
  let machine: PortalClient;
  let partner: Partner;
  let grantId: string;

  beforeAll(async () => {
    story = await Story.open();
    machine = await story.provisioner();
    partner = await story.partner('Ada Access', 'Access Utilities');
  });
  afterAll(() => story.close());

  const fields = 'decision grantId grantReference reasons { code message mendedBy authority directiveId }';
  async function check(
    client: PortalClient,
    more: { selection?: string; organizationId?: string; code?: string } = {},
  ) {
    const { selection = fields, organizationId = partner.organizationId, code = product } = more;
    const query = `query ($id: ID!, $code: String!) { accessCheck(organizationId: $id, productCode: $code) { ${selection} } }`;
    const { data, errors } = await client.request(query, { id: organizationId, code });
    return data ? valueAt(data, 'accessCheck') : { error: errors[0]?.extensions?.code, message: errors[0]?.message };
  }
  const codes = async (client: PortalClient) =>
    listAt(await check(client), 'reasons').map((reason) => textAt(reason, 'code'));
  async function stated(client: PortalClient, id = grantId) {
    const query = 'query ($id: ID!) { grantStatement(grantId: $id) { token keyId expiresAt } }';
    const { data, errors } = await client.request(query, { id });
    if (data) return { token: textAt(data, 'grantStatement', 'token'), problems: [] };
    return { token: '', problems: errors.map(({ extensions, message }) => `${String(extensions?.code)} ${message}`) };
  }
  const keys = async () => (await (await fetch(`${story.desk.url}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
  async function verified(token: string, typ: string, at = story.desk.clock.now()) {
    const options = { issuer: story.desk.url, audience: product, algorithms: ['ES256'], typ, currentDate: at };
    return (await jwtVerify(token, createLocalJWKSet(await keys()), options)).payload;
  }

  let authorityId: string | null = null;
  async function letter(reference: string) {
    const said = { name: 'Bureau of Technology Security', jurisdiction: 'US' };
    const manager = await story.staff('PROGRAM_MANAGER');
    authorityId ??= textAt(await manager.must('registerAuthority', said, 'authority { id }'), 'authority', 'id');
    const now = story.desk.clock.now().toISOString();
    return { authorityId, reference, summary: 'As it says.', issuedAt: now, receivedAt: now, effectiveAt: now };
  }
  async function inForce(terms: object): Promise<void> {
    const said = { ...(await letter('BTS-1')), kind: 'AUTHORIZE', terms };
    const recorded = await (await story.staff('PROGRAM_MANAGER')).must('recordDirective', said, 'directive { id }');
    const directiveId = textAt(recorded, 'directive', 'id');
    await (await story.staff('PROGRAM_MANAGER', 2)).must('putDirectiveInForce', { directiveId });
  }

  describe('as the check tells it', () => {
    it('is denied until the organization applies, is approved and is provisioned, and each step is told', async () => {
      expect(await codes(partner.owner)).toEqual(['NO_GRANT']);
      grantId = await story.granted(partner);
      expect(await check(partner.owner)).toMatchObject({
        decision: 'DENY',
        grantId,
        reasons: [
          {
            code: 'NOT_PROVISIONED',
            message: expect.stringContaining('not open in the product yet'),
            mendedBy: expect.stringContaining('acknowledge'),
          },
        ],
      });
      await machine.must('acknowledgeProvisioning', { grantId });
      expect(await check(partner.owner)).toMatchObject({ decision: 'ALLOW', grantId, reasons: [] });
    });

    it('is told to members, to staff and to systems that open access, and of strangers nobody learns who is known', async () => {
      const viewer = await story.colleague(partner, 'Vic Viewer', 'VIEWER');
      for (const client of [viewer, machine, await story.staff('AUDITOR')])
        expect(await check(client, { selection: 'decision' })).toEqual({ decision: 'ALLOW' });
      const other = await story.partner('Otto Outside', 'Outside Utilities');
      const unknown = await check(other.owner, { organizationId: partner.organizationId.replace(/.$/, 'z') });
      expect(unknown).toEqual({ error: 'NOT_FOUND', message: 'There is no organization with this id.' });
      expect(await check(other.owner)).toEqual(unknown);
      // Systems that open access know of whoever holds a grant, and of nobody else.
      expect(await check(machine, { organizationId: other.organizationId })).toEqual(unknown);
      expect(await check(story.desk.stranger)).toMatchObject({ error: 'UNAUTHENTICATED' });
      expect(await check(partner.owner, { code: 'nothing' })).toMatchObject({
        error: 'NOT_FOUND',
        message: 'There is no product with this code.',
      });
      expect((await stated(other.owner)).problems).toEqual(['NOT_FOUND There is no grant with this id.']);
    });
  });

  describe('as a registered system is told it', () => {
    it('is about its own products, and of another as of one that there is not', async () => {
      const admin = await story.staff('ADMIN');
      const registered = async (name: string, productCodes: readonly string[]) => {
        const made = await admin.must('createApiKey', { name, scopes: ['GRANTS_PROVISION'] }, 'key apiKey { id }');
        const system = { name, apiKeyId: textAt(made, 'apiKey', 'id'), productCodes, duties: ['PROVISION'] };
        await admin.must('registerProvisioningSystem', system);
        return story.desk.stranger.as(textAt(made, 'key'));
      };
      const own = await registered('Of Mythos', [product]);
      expect(await check(own, { selection: 'decision' })).toEqual({ decision: 'ALLOW' });
      expect((await stated(own)).problems).toEqual([]);

      const fables = { code: 'fables', productCode: 'fable-5', productName: 'Fable 5' };
      await story.desk.program({ ...sampleProgram, ...fables });
      const foreign = await registered('Of Fable', ['fable-5']);
      const missing = await check(foreign, { code: 'nothing' });
      expect(missing).toEqual({ error: 'NOT_FOUND', message: 'There is no organization with this id.' });
      expect(await check(foreign)).toEqual(missing);
      expect((await stated(foreign)).problems).toEqual(['NOT_FOUND There is no grant with this id.']);
    });
  });

  describe('of a named user', () => {
    const ofUser = async (userId: string, client = partner.owner) => {
      const query = `query ($id: ID!, $user: ID!) { accessCheck(organizationId: $id, productCode: "mythos-5", userId: $user) {
        userId decision reasons { code } statement { token } } }`;
      const { data, errors } = await client.request(query, { id: partner.organizationId, user: userId });
      if (!data) return errors[0]?.message;
      const found = valueAt(data, 'accessCheck');
      const reasons = listAt(found, 'reasons').map((reason) => textAt(reason, 'code'));
      return { reasons, claims: await verified(textAt(found, 'statement', 'token'), 'sallyport-access+jwt') };
    };

    it('follows what the letters say of foreign persons, and ends with the name', async () => {
      const user = { grantId, displayName: 'Fay Foreign', email: 'fay@access.example', exportStatus: 'FOREIGN' };
      const made = await partner.owner.must('addNamedUser', user, 'namedUser { id }');
      const namedUserId = textAt(made, 'namedUser', 'id');
      expect(await ofUser(namedUserId)).toMatchObject({
        reasons: [],
        claims: { user: namedUserId, decision: 'ALLOW', grant: grantId },
      });
      await inForce({ products: [product], foreignPersons: 'LICENCE_EACH' });
      expect(await ofUser(namedUserId, machine)).toMatchObject({
        reasons: ['FOREIGN_PERSON_WITHOUT_LICENCE'],
        claims: { decision: 'DENY', reasons: ['FOREIGN_PERSON_WITHOUT_LICENCE'] },
      });
      expect(await codes(partner.owner)).toEqual([]);
      await partner.owner.must('attestNamedUserStatus', { namedUserId, exportStatus: 'LICENSED' });
      expect(await ofUser(namedUserId)).toMatchObject({ reasons: [] });
      await partner.owner.must('removeNamedUser', { namedUserId });
      expect(await ofUser(namedUserId)).toMatchObject({ reasons: ['USER_NOT_NAMED'] });
      expect(await ofUser(namedUserId.replace(/.$/, (last) => (last === 'z' ? 'y' : 'z')))).toBe(
        'There is no user with this id.',
      );
    });
  });

  describe('as statements tell it', () => {
    it('is checked by others with the published keys: of a grant, and of a check', async () => {
      const { token } = await stated(machine);
      const reference = textAt(await lookAtGrant(partner.owner, grantId, 'reference'), 'reference');
      // As a system would: with a stock library, which fetches the keys.
      const fetched = createRemoteJWKSet(new URL(`${story.desk.url}/.well-known/jwks.json`));
      const { payload } = await jwtVerify(token, fetched, { issuer: story.desk.url, audience: product });
      expect(payload).toEqual({
        iss: story.desk.url,
        sub: partner.organizationId,
        aud: product,
        jti: expect.any(String),
        iat: expect.any(Number),
        nbf: payload.iat,
        exp: Number(payload.iat) + 900,
        grant: grantId,
        reference,
        status: 'ACTIVE',
        conditions: [],
        seats: expect.any(Number),
      });
      expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', typ: 'sallyport-grant+jwt' });
      const checked = textAt(await check(partner.owner, { selection: 'statement { token }' }), 'statement', 'token');
      expect(await verified(checked, 'sallyport-access+jwt')).toMatchObject({
        sub: partner.organizationId,
        decision: 'ALLOW',
        reasons: [],
        grant: grantId,
      });
      await expect(verified(checked, 'sallyport-grant+jwt')).rejects.toThrow(/typ/);
      expect(JSON.stringify(await keys())).not.toContain('"d"');
    });

    it('holds for a quarter of an hour, for its product, and as it was signed', async () => {
      const { token } = await stated(partner.owner);
      const at = story.desk.clock.now().getTime();
      await expect(verified(token, 'sallyport-grant+jwt', new Date(at + 14 * minute))).resolves.toBeDefined();
      await expect(verified(token, 'sallyport-grant+jwt', new Date(at + 15 * minute + 1000))).rejects.toThrow(/exp/);
      const [head, body, signature] = token.split('.');
      const claims = JSON.parse(Buffer.from(String(body), 'base64url').toString());
      const changed = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 3600 })).toString('base64url');
      const tampered = `${head}.${changed}.${signature}`;
      await expect(verified(tampered, 'sallyport-grant+jwt')).rejects.toThrow(/signature/);
      const other = { issuer: story.desk.url, audience: 'fable-5', currentDate: story.desk.clock.now() };
      await expect(jwtVerify(token, createLocalJWKSet(await keys()), other)).rejects.toThrow(/aud/);
    });

    it('can be checked after the key was changed, until it is over, and no longer', async () => {
      const before = (await stated(machine)).token;
      const keyId = await story.desk.portal.statements.rotate(bySystem);
      const after = (await stated(machine)).token;
      expect(decodeProtectedHeader(after).kid).toBe(keyId);
      for (const token of [before, after]) await expect(verified(token, 'sallyport-grant+jwt')).resolves.toBeDefined();
      expect((await keys()).keys).toHaveLength(2);
      story.pass(21 * minute);
      expect((await keys()).keys.map(({ kid }) => kid)).toEqual([keyId]);
      const log = await (await story.staff('AUDITOR')).ask(
        '{ auditLog(filter: { event: "signing_key.created" }, first: 10) { nodes { actorRole } } }',
      );
      expect(listAt(log, 'auditLog', 'nodes')).toHaveLength(2);
    });
  });

  describe('while it is shut', () => {
    it('is not stated of a grant, and the check tells partners why and staff by whose order', async () => {
      const manager = await story.staff('PROGRAM_MANAGER');
      const halt = { ...(await letter('BTS-2')), products: [product] };
      const made = await manager.must('orderEmergencyHalt', halt, 'directive { id }');
      const directiveId = textAt(made, 'directive', 'id');
      const of = (reasons: unknown) =>
        listAt(reasons, 'reasons').find((one) => textAt(one, 'code') === 'PRODUCT_HALTED');
      expect(of(await check(manager))).toMatchObject({ authority: 'Bureau of Technology Security', directiveId });
      for (const client of [partner.owner, machine])
        expect(of(await check(client))).toMatchObject({ authority: null, directiveId: null });
      expect(JSON.stringify(await check(partner.owner))).not.toContain('Bureau');
      expect((await stated(manager)).problems).toContainEqual(
        expect.stringMatching(/^NOT_ALLOWED_NOW The product is halted/),
      );
      await eventually(async () =>
        expect(await codes(partner.owner)).toEqual(['PRODUCT_HALTED', expect.stringMatching(/^SUSPENDED_BY_/)]),
      );
      const denied = textAt(await check(manager, { selection: 'statement { token }' }), 'statement', 'token');
      const payload = await verified(denied, 'sallyport-access+jwt');
      expect(payload).toMatchObject({ decision: 'DENY', reasons: expect.arrayContaining(['PRODUCT_HALTED']) });
      expect(payload).not.toHaveProperty('grant');
      expect(JSON.stringify(payload)).not.toContain('Bureau');
    });
  });
});
