import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Actor, MachineActor } from '../../src/lifecycle/actor.js';
import { encodeId } from '../../src/platform/ids.js';
import { anonymous, answered, type WebhookApi, webhookApi } from './graphql.js';
import { openWebhookDesk, type WebhookDesk } from './webhook-desk.js';

const create = `mutation ($input: CreateWebhookEndpointInput!) {
  createWebhookEndpoint(input: $input) { webhookEndpoint { id url status eventTypes version } secret errors { code message path } }
}`;
const update = `mutation ($input: UpdateWebhookEndpointInput!) {
  updateWebhookEndpoint(input: $input) { webhookEndpoint { url status statusReason eventTypes description version } errors { code message path } }
}`;
const remove = `mutation ($input: RemoveWebhookEndpointInput!) {
  removeWebhookEndpoint(input: $input) { webhookEndpoint { status } errors { code path } }
}`;
const rotate = `mutation ($input: RotateWebhookSecretInput!) {
  rotateWebhookSecret(input: $input) { secret errors { code path } }
}`;
const ping = `mutation ($input: PingWebhookEndpointInput!) {
  pingWebhookEndpoint(input: $input) { webhookEndpoint { id } errors { code path } }
}`;
const replay = `mutation ($input: ReplayWebhookDeliveryInput!) {
  replayWebhookDelivery(input: $input) { webhookDelivery { status } errors { code path } }
}`;
const list = 'query ($organizationId: ID) { webhookEndpoints(organizationId: $organizationId) { id url } }';

describe('managing webhook endpoints', () => {
  let desk: WebhookDesk;
  let ask: WebhookApi;
  let organizationId: string;

  beforeAll(async () => {
    desk = await openWebhookDesk();
    ask = await webhookApi(desk);
    organizationId = encodeId('organization', desk.organizationId);
  });

  afterAll(() => desk.close());

  const input = (more: object = {}) => ({ input: { organizationId, url: desk.receiver.url, ...more } });

  it('answers a new endpoint and its secret, which is never readable again', async () => {
    const created = await ask(desk.owner, create, input({ eventTypes: ['application.approved'] }));
    const answer = answered<{ secret: string }>(created, 'createWebhookEndpoint');
    expect(answer).toMatchObject({
      webhookEndpoint: {
        id: expect.stringMatching(/^endpoint_/),
        status: 'ENABLED',
        eventTypes: ['application.approved'],
        version: 1,
      },
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
      errors: [],
    });
    const { secret } = answer;
    const kept = await sql<{ row: string }>`select row_to_json(e)::text as row from webhook_endpoint as e`.execute(
      desk.database.kysely(),
    );
    expect(JSON.stringify(kept.rows)).not.toContain(secret.slice(6));
    const audit = await sql<{ row: string }>`select row_to_json(r)::text as row from audit_record as r`.execute(
      desk.database.kysely(),
    );
    expect(JSON.stringify(audit.rows)).not.toContain(secret.slice(6));
  });

  it.each([
    ['http://hooks.example.org/', 'plain http'],
    ['https://127.0.0.1/', 'loopback'],
    ['https://0177.1/', 'loopback in octal'],
    ['https://[::ffff:10.0.0.1]/', 'a mapped private address'],
    ['https://inside.example.org/', 'a name that resolves to a private address'],
    ['https://nowhere.example.org/', 'a name that resolves to nothing'],
    ['nonsense', 'no URL'],
  ])('refuses the address %s (%s)', async (url) => {
    desk.names.set('inside.example.org', ['192.168.0.10']);
    const { data } = await ask(desk.owner, create, input({ url }));
    expect(data?.createWebhookEndpoint).toMatchObject({
      webhookEndpoint: null,
      secret: null,
      errors: [{ code: 'ADDRESS_REFUSED', path: ['url'] }],
    });
  });

  it('refuses such an address for an endpoint that exists, too', async () => {
    const { endpointId } = await desk.register();
    const id = encodeId('endpoint', endpointId);
    const { data } = await ask(desk.owner, update, { input: { endpointId: id, url: 'https://10.0.0.1/' } });
    expect(data?.updateWebhookEndpoint).toMatchObject({ errors: [{ code: 'ADDRESS_REFUSED', path: ['url'] }] });
    expect((await desk.endpoint(endpointId)).url).toBe(desk.receiver.url);
  });

  it('refuses unknown event types and names near ones', async () => {
    const eventTypes = ['application.approved', 'aplication.aproved', 'grant.suspend', 'x', 'application.recommended'];
    const refused = await ask(desk.owner, create, input({ eventTypes }));
    const { errors } = answered<{ errors: { message: string; path: string[] }[] }>(refused, 'createWebhookEndpoint');
    expect(errors.map((error) => error.path)).toEqual(['1', '2', '3', '4'].map((position) => ['eventTypes', position]));
    expect(errors[0]?.message).toContain('application.approved');
    expect(errors[1]?.message).toContain('grant.suspended');
    expect(errors[2]?.message).toContain('eventCatalogue');
    expect(errors[3]?.message).toContain("operator's own endpoints");
  });

  it('lets owners manage their organization’s endpoints, and administrators the operator’s, and nobody else', async () => {
    const reader: MachineActor = {
      kind: 'MACHINE',
      keyId: desk.organizationId,
      name: 'reader',
      organizationId: desk.organizationId,
      scopes: ['READ'],
    };
    const outcomes = async (actor: Actor, organization: string | null) => {
      const outcome = await ask(actor, create, input({ organizationId: organization }));
      const thrown = outcome.errors?.[0]?.originalError;
      if (thrown) return 'code' in thrown ? thrown.code : thrown.message;
      const { errors } = answered<{ errors: { code: string }[] }>(outcome, 'createWebhookEndpoint');
      return errors[0]?.code ?? 'ACCEPTED';
    };
    expect(await outcomes(desk.owner, organizationId)).toBe('ACCEPTED');
    expect(await outcomes(desk.applicant, organizationId)).toBe('FORBIDDEN');
    expect(await outcomes(reader, organizationId)).toBe('FORBIDDEN');
    expect(await outcomes(desk.stranger, organizationId)).toBe('NOT_FOUND');
    expect(await outcomes(desk.admin, organizationId)).toBe('FORBIDDEN');
    expect(await outcomes(anonymous, organizationId)).toBe('UNAUTHENTICATED');
    expect(await outcomes(desk.admin, null)).toBe('ACCEPTED');
    expect(await outcomes(desk.auditor, null)).toBe('FORBIDDEN');
    expect(await outcomes(desk.owner, null)).toBe('FORBIDDEN');
  });

  it('shows endpoints to owners, and to administrators and auditors, and to nobody else', async () => {
    await desk.register();
    await desk.register({ organizationId: null }, desk.admin);
    const sees = async (actor: Actor, organization: string | null) => {
      const found = await ask(actor, list, { organizationId: organization });
      return answered<unknown[]>(found, 'webhookEndpoints').length > 0;
    };
    for (const actor of [desk.owner, desk.admin, desk.auditor]) expect(await sees(actor, organizationId)).toBe(true);
    for (const actor of [desk.applicant, desk.stranger, desk.reviewer]) {
      expect(await sees(actor, organizationId)).toBe(false);
    }
    for (const actor of [desk.admin, desk.auditor]) expect(await sees(actor, null)).toBe(true);
    for (const actor of [desk.owner, desk.stranger, desk.reviewer]) expect(await sees(actor, null)).toBe(false);
    const { errors } = await ask(anonymous, list, { organizationId });
    expect(errors).toHaveLength(1);
  });

  it('says of a foreign endpoint or delivery that there is none', async () => {
    const { endpointId } = await desk.register();
    await desk.happenTo();
    await desk.jobs.drain();
    const [delivery] = await desk.deliveriesTo(endpointId);
    const foreign = { input: { endpointId: encodeId('endpoint', endpointId) } };
    const notFound = [{ code: 'NOT_FOUND', path: ['endpointId'] }];
    for (const actor of [desk.stranger, desk.applicant, desk.reviewer]) {
      for (const [mutation, name] of [
        [update, 'updateWebhookEndpoint'],
        [remove, 'removeWebhookEndpoint'],
        [rotate, 'rotateWebhookSecret'],
        [ping, 'pingWebhookEndpoint'],
      ] as const) {
        expect((await ask(actor, mutation, foreign)).data?.[name]).toMatchObject({ errors: notFound });
      }
      const { data } = await ask(actor, replay, { input: { deliveryId: encodeId('delivery', delivery?.id ?? '') } });
      expect(data?.replayWebhookDelivery).toMatchObject({ errors: [{ code: 'NOT_FOUND', path: ['deliveryId'] }] });
    }
    const wrongKind = { input: { endpointId: organizationId } };
    expect((await ask(desk.owner, ping, wrongKind)).data?.pingWebhookEndpoint).toMatchObject({
      errors: [{ code: 'INVALID_ID', path: ['endpointId'] }],
    });
    expect(await desk.endpoint(endpointId)).toMatchObject({ status: 'ENABLED', version: 1 });
  });

  it('changes what is given and nothing else, and refuses a stale version', async () => {
    const { endpointId } = await desk.register({ description: 'first', eventTypes: ['application.approved'] });
    const id = encodeId('endpoint', endpointId);
    const changed = await ask(desk.owner, update, {
      input: { endpointId: id, description: ' second ', expectedVersion: 1 },
    });
    expect(changed.data?.updateWebhookEndpoint).toMatchObject({
      webhookEndpoint: {
        description: 'second',
        eventTypes: ['application.approved'],
        status: 'ENABLED',
        version: 2,
        url: desk.receiver.url,
      },
      errors: [],
    });
    const stale = await ask(desk.owner, update, { input: { endpointId: id, enabled: false, expectedVersion: 1 } });
    expect(stale.data?.updateWebhookEndpoint).toMatchObject({
      errors: [{ code: 'CONFLICT', path: ['expectedVersion'] }],
    });
    const disabled = await ask(desk.owner, update, { input: { endpointId: id, enabled: false } });
    expect(disabled.data?.updateWebhookEndpoint).toMatchObject({
      webhookEndpoint: { status: 'DISABLED', statusReason: 'Disabled by hand.' },
    });
    const pinged = await ask(desk.owner, ping, { input: { endpointId: id } });
    expect(pinged.data?.pingWebhookEndpoint).toMatchObject({ errors: [{ code: 'NOT_ALLOWED_NOW' }] });
    const enabled = await ask(desk.owner, update, { input: { endpointId: id, enabled: true, eventTypes: [] } });
    expect(enabled.data?.updateWebhookEndpoint).toMatchObject({
      webhookEndpoint: { status: 'ENABLED', statusReason: null, eventTypes: [] },
    });
  });

  it('removes an endpoint for good, with its secrets', async () => {
    const { endpointId } = await desk.register();
    const which = { input: { endpointId: encodeId('endpoint', endpointId) } };
    const removed = await ask(desk.owner, remove, which);
    expect(removed.data?.removeWebhookEndpoint).toMatchObject({ webhookEndpoint: { status: 'REMOVED' }, errors: [] });
    expect(await desk.endpoint(endpointId)).toMatchObject({ sealedSecret: '', sealedPreviousSecret: null });
    expect((await ask(desk.owner, ping, which)).data?.pingWebhookEndpoint).toMatchObject({
      errors: [{ code: 'NOT_ALLOWED_NOW' }],
    });
    const { data } = await ask(desk.owner, list, { organizationId });
    expect(data?.webhookEndpoints).not.toContainEqual(expect.objectContaining({ id: which.input.endpointId }));
  });

  it('allows an organization 20 endpoints, even when they are registered at once', async () => {
    const other = (actor: Actor = desk.stranger) =>
      desk.register({ organizationId: desk.otherOrganizationId }, actor).then(
        () => 'ACCEPTED',
        (error: { code: string }) => error.code,
      );
    for (let count = 0; count < 18; count += 1) await other();
    const last = await Promise.all([other(), other(), other(), other()]);
    expect(last.sort()).toEqual(['ACCEPTED', 'ACCEPTED', 'LIMIT_REACHED', 'LIMIT_REACHED']);
  });

  it('shows deliveries by status with every attempt, in one go and under aliases', async () => {
    const { endpointId } = await desk.register();
    await sql`update webhook_endpoint set status = 'REMOVED' where id <> ${endpointId}`.execute(desk.database.kysely());
    desk.receiver.willAnswer(500, 'out of order');
    await desk.happenTo();
    await desk.jobs.drain();
    await desk.happenTo();
    await desk.jobs.drain();
    const { data, errors } = await ask(
      desk.owner,
      `query ($organizationId: ID) { webhookEndpoints(organizationId: $organizationId) {
        name: description
        waiting: deliveries(status: PENDING) { totalCount nodes { event attemptCount nextAttemptAt attempts { number statusCode failure responseExcerpt at } } }
        deliveries(first: 1, status: DELIVERED) { nodes { id eventId status deliveredAt body endpoint { id } attempts { number } } }
        all: deliveries { totalCount }
      } }`,
      { organizationId },
    );
    expect(errors).toBeUndefined();
    expect(data?.webhookEndpoints).toMatchObject([
      {
        name: '',
        waiting: {
          totalCount: 1,
          nodes: [
            {
              event: 'application.submitted',
              attemptCount: 1,
              nextAttemptAt: expect.stringMatching(/Z$/),
              attempts: [
                {
                  number: 1,
                  statusCode: 500,
                  failure: 'The endpoint answered 500.',
                  responseExcerpt: 'out of order',
                  at: expect.stringMatching(/Z$/),
                },
              ],
            },
          ],
        },
        deliveries: {
          nodes: [
            {
              id: expect.stringMatching(/^delivery_/),
              eventId: expect.stringMatching(/^event_/),
              status: 'DELIVERED',
              deliveredAt: expect.stringMatching(/Z$/),
              endpoint: { id: encodeId('endpoint', endpointId) },
              attempts: [{ number: 1 }],
            },
          ],
        },
        all: { totalCount: 2 },
      },
    ]);
  });

  it('lists every event type that endpoints can be sent, with its fields', async () => {
    const found = await ask(
      desk.owner,
      '{ eventCatalogue { name version audience description payload { name type nullable description } } }',
    );
    const types = answered<{ name: string }[]>(found, 'eventCatalogue');
    expect(types).toContainEqual(
      expect.objectContaining({
        name: 'application.withdrawn',
        version: 1,
        audience: 'PARTNER',
        payload: expect.arrayContaining([
          { name: 'reason', type: 'STRING', nullable: true, description: expect.any(String) },
        ]),
      }),
    );
    expect(types.map(({ name }) => name)).not.toContain('application.draft_saved');
  });
});
