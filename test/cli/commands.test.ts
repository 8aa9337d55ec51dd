import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sql } from 'kysely';
import { parseCheckpoint } from '../../src/audit/checkpoint.js';
import { firstSignIn } from '../../src/demo/people.js';
import { PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { eventually } from '../journeys/story.js';
import { Receiver } from '../webhooks/receiver.js';
import { build, Installation } from './installation.js';

const passwordForm = /One-time password: (\S+)/;

/** Every command is a process of its own, and several to a test on a busy machine take their time. */
jest.setTimeout(180_000);

describe('the commands of an operator', () => {
  let installation: Installation;
  let adminPassword: string;

  beforeAll(async () => {
    await build();
    installation = await Installation.prepare();
  });
  afterAll(() => installation.remove());

  const fileNamed = (name: string) => join(installation.folder, name);

  describe('migrate', () => {
    it('says what is pending, applies it once, and then that all is well', async () => {
      if (!installation.isEmbedded) {
        const pending = await installation.run('migrate', '--status');
        expect(pending).toMatchObject({
          code: 1,
          complaints: expect.stringContaining('Not applied yet: 0001-identity'),
        });
        const early = await installation.run('staff', 'list');
        expect(early).toMatchObject({ code: 1, complaints: expect.stringContaining('Run "npx sallyport migrate"') });
      }
      expect(await installation.must('migrate')).toMatch(/^Applied 0001-identity\nApplied 0002-/);
      expect(await installation.must('migrate')).toBe('The schema is up to date.\n');
      expect(await installation.must('migrate', '--status')).toBe('The schema is up to date.\n');
      expect(JSON.parse(await installation.must('migrate', '--status', '--json'))).toEqual({
        pending: [],
        unknown: [],
        changed: [],
      });
    });

    it('undoes and does again, in order', async () => {
      const undone = await installation.must('migrate', '--down', '--to', '0004-applications');
      expect(undone).toMatch(/^(Undid 00\d\d-[a-z-]+\n)+$/);
      expect(undone.trim().split('\n')).toEqual(undone.trim().split('\n').sort().reverse());
      expect(await installation.run('migrate', '--down', '--to', 'yesterday')).toMatchObject({
        code: 1,
        complaints: expect.stringContaining('"yesterday" is not an applied migration. Applied are: 0001-identity,'),
      });
      expect(await installation.must('migrate')).toMatch(/^Applied 0005-/);
    });
  });

  describe('staff', () => {
    it('adds a person with a one-time password, which is told once', async () => {
      expect(await installation.must('staff', 'list')).toContain('Nobody works here yet.');
      const added = await installation.must(
        'staff',
        'add',
        'Ada@example.org',
        '--name',
        'Ada Admin',
        '--roles',
        'admin',
      );
      adminPassword = passwordForm.exec(added)?.[1] ?? '';
      expect(adminPassword).toMatch(/^(\w{4}-){4}\w{4}$/);
      await installation.must('staff', 'add', 'ivo@example.org', '--name', 'Ivo Intake', '--roles', 'INTAKE, REVIEWER');
      const listed = JSON.parse(await installation.must('staff', 'list', '--json'));
      expect(listed).toEqual([
        expect.objectContaining({ email: 'ada@example.org', roles: ['ADMIN'], active: true, mustChangePassword: true }),
        expect.objectContaining({
          email: 'ivo@example.org',
          roles: ['INTAKE', 'REVIEWER'],
          id: expect.stringMatching(/^staff_/),
        }),
      ]);
      const table = await installation.must('staff', 'list');
      expect(table).toMatch(
        /^EMAIL +NAME +ROLES +ACTIVE +MUST CHANGE PASSWORD +ID\nada@example.org +Ada Admin +ADMIN +yes/,
      );
      expect(table).not.toContain(adminPassword);
    });

    it('changes roles, resets a password and ends access, by e-mail address', async () => {
      expect(await installation.must('staff', 'roles', 'ivo@example.org', '--roles', 'DECIDER')).toBe(
        'ivo@example.org is DECIDER from now on.\n',
      );
      expect(await installation.must('staff', 'reset-password', 'IVO@example.org')).toMatch(passwordForm);
      await installation.must('staff', 'deactivate', 'ivo@example.org');
      const listed = JSON.parse(await installation.must('staff', 'list', '--json'));
      expect(listed[1]).toMatchObject({ roles: ['DECIDER'], active: false });
    });

    it.each([
      [
        'an unknown address',
        ['roles', 'nobody@example.org', '--roles', 'ADMIN'],
        'Nobody on the staff has the address nobody@',
      ],
      ['somebody who left', ['reset-password', 'ivo@example.org'], 'does not work for the operator any more'],
      ['the last administrator', ['deactivate', 'ada@example.org'], 'This is the last administrator'],
      [
        'somebody who is there',
        ['add', 'ada@example.org', '--name', 'A', '--roles', 'ADMIN'],
        'works for the operator already',
      ],
      ['no address', ['add', 'ada', '--name', 'A', '--roles', 'ADMIN'], 'email: This is not an e-mail address'],
    ])('refuses %s with 1: staff %j', async (_what, args, complaint) => {
      const { code, output, complaints } = await installation.run('staff', ...args);
      expect(complaints).toContain(complaint);
      expect(complaints.trim().split('\n')).toHaveLength(1);
      expect({ code, output }).toEqual({ code: 1, output: '' });
    });
  });

  describe('program and seed', () => {
    it('creates the sample once, however often it is asked', async () => {
      expect(await installation.must('program', 'list')).toContain('There is no program yet.');
      expect(await installation.must('seed')).toBe('The sample program trusted-defenders is open.\n');
      expect(await installation.must('seed')).toBe('The sample program trusted-defenders is there already.\n');
    });

    it('creates a program from a file', async () => {
      const file = fileNamed('program.json');
      writeFileSync(file, JSON.stringify({ ...sampleProgram, code: 'grid-operators', name: 'Grid operators' }));
      expect(await installation.must('program', 'create', file)).toMatch(
        /^The program grid-operators is open: program_/,
      );
      expect(await installation.run('program', 'create', file)).toMatchObject({
        code: 1,
        complaints: 'code: There is a program with the code "grid-operators" already.\n',
      });
      expect(JSON.parse(await installation.must('program', 'list', '--json'))).toEqual([
        expect.objectContaining({ code: 'grid-operators', name: 'Grid operators', status: 'OPEN', version: 1 }),
        expect.objectContaining({ code: 'trusted-defenders', product: 'mythos-5' }),
      ]);
    });

    it('says everything that is wrong with a file, each by its place', async () => {
      const file = fileNamed('wrong.json');
      writeFileSync(
        file,
        JSON.stringify({ ...sampleProgram, code: 5, colour: 'red', version: { terms: { label: 'x' } } }),
      );
      const wrong = await installation.run('program', 'create', file);
      expect(wrong.code).toBe(1);
      for (const place of ['code: ', 'version.questionnaire: ', 'version.terms.body: ', '"colour"']) {
        expect(wrong.complaints).toContain(place);
      }
      writeFileSync(file, JSON.stringify({ ...sampleProgram, code: 'Not A Code' }));
      expect((await installation.run('program', 'create', file)).complaints).toContain(
        'lower-case words joined by hyphens',
      );
      writeFileSync(file, '{ not json');
      expect((await installation.run('program', 'create', file)).complaints).toContain(`${file} is not JSON: `);
      const missing = await installation.run('program', 'create', fileNamed('missing.json'));
      expect(missing).toMatchObject({
        code: 1,
        complaints: expect.stringContaining('missing.json cannot be read: ENOENT'),
      });
    });
  });

  describe('webhooks, and start', () => {
    it('send again what was given up, after the receiver was mended', async () => {
      const receiver = await Receiver.listening();
      receiver.willAnswer(410);
      const allowed = { WEBHOOK_ALLOWED_HOSTS: receiver.host };
      const portal = await installation.start(allowed);
      const admin = await firstSignIn(new PortalClient(installation.url), 'ada@example.org', adminPassword);
      const created = await admin.must('createWebhookEndpoint', { url: receiver.url }, 'webhookEndpoint { id }');
      const endpointId = textAt(created, 'webhookEndpoint', 'id');
      await admin.must('pingWebhookEndpoint', { endpointId });
      await eventually(async () => {
        const { webhookEndpoints } = await admin.ask('{ webhookEndpoints { status } }');
        expect(webhookEndpoints).toEqual([{ status: 'DISABLED' }]);
      });
      await admin.must('updateWebhookEndpoint', { endpointId, enabled: true });

      const busy = await installation.run('webhooks', 'list');
      if (installation.isEmbedded) {
        expect(busy).toMatchObject({
          code: 1,
          complaints: expect.stringContaining(`in use by the process with pid ${portal.pid}`),
        });
        expect(busy.complaints).toContain('stop that one');
      } else expect(busy.code).toBe(0);
      expect(await installation.stop(portal)).toBe(0);

      expect(JSON.parse(await installation.must('webhooks', 'list', '--json'))).toEqual([
        { id: endpointId, organization: null, url: receiver.url, status: 'ENABLED', pending: 0, failed: 1 },
      ]);
      const failed = JSON.parse(await installation.must('webhooks', 'failed', '--json'));
      expect(failed).toMatchObject([
        { event: 'webhook_endpoint.pinged', attempts: 1, failure: expect.stringContaining('410') },
      ]);
      const deliveryId = textAt(failed, 0, 'id');
      expect(await installation.run('webhooks', 'replay', endpointId)).toMatchObject({
        code: 1,
        complaints: expect.stringContaining('This id names a endpoint, and a delivery id is wanted here.'),
      });
      expect(await installation.must('webhooks', 'replay', deliveryId)).toContain(`${deliveryId} will be sent again`);
      expect(await installation.must('webhooks', 'failed')).toBe('No delivery was given up.\n');

      const again = await installation.start(allowed);
      await eventually(() => expect(receiver.messages).toHaveLength(2));
      const [first, second] = receiver.messages;
      expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
      expect(await installation.stop(again)).toBe(0);
      await receiver.close();
    });
  });

  describe('keys', () => {
    it('are changed, which the log tells', async () => {
      const [first, second] = [await installation.must('keys', 'rotate'), await installation.must('keys', 'rotate')];
      expect(first).toMatch(/^Statements are signed with the key [\w-]{43} from now on\.$/m);
      expect(second).not.toBe(first);
      expect(await installation.must('audit', 'export')).toContain('"command":"signingKey.rotate"');
    });
  });

  describe('audit', () => {
    it('verifies, exports and signs the log, which says what was done at the command line', async () => {
      const verified = await installation.must('audit', 'verify');
      const size = Number(/^The audit log holds: (\d+) records/.exec(verified)?.[1]);
      const lines = (await installation.must('audit', 'export'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines).toHaveLength(size);
      expect(lines.map((line) => line.sequence)).toEqual(lines.map((_line, place) => place + 1));
      expect(lines[0]).toMatchObject({ command: 'staff.add', actorKind: 'SYSTEM', actorRole: 'cli' });
      expect(lines[0].requestId).toMatch(/^cli [0-9a-f-]{36}$/);
      const commands = new Set(lines.map((line) => line.command));
      for (const command of ['staff.setRoles', 'staff.resetPassword', 'staff.deactivate', 'webhookDelivery.replay']) {
        expect(commands).toContain(command);
      }

      const out = fileNamed('log.jsonl');
      const nowhere = await installation.run('audit', 'export', '--out', fileNamed('missing/log.jsonl'));
      expect(nowhere).toMatchObject({
        code: 1,
        complaints: expect.stringContaining('log.jsonl cannot be used: ENOENT'),
      });
      expect(await installation.must('audit', 'export', '--out', out)).toBe(`Wrote ${size} records to ${out}.\n`);
      expect(
        readFileSync(out, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ).toEqual(lines);
      expect(parseCheckpoint(await installation.must('audit', 'checkpoint'))).toMatchObject({
        log: installation.url,
        size,
      });
    });

    it('finds what was tampered with: first by the chain, and a tail cut off by a checkpoint', async () => {
      const [file, key] = [fileNamed('checkpoints.jsonl'), fileNamed('key.pem')];
      await installation.must('audit', 'checkpoint', '--out', file);
      writeFileSync(key, await installation.must('audit', 'key'));
      expect(await installation.must('audit', 'verify', '--checkpoint', file, '--key', key)).toMatch(
        /It agrees with 1 checkpoint,/,
      );
      const size = Number(valueAt(parseCheckpoint(readFileSync(file, 'utf8')), 'size'));

      await installation.inDatabase(async (database) => {
        const statements = [
          sql`alter table audit_record disable trigger user`,
          sql`delete from audit_record where sequence = ${size}`,
          sql`update audit_head set sequence = ${size - 1}, hash = (select hash from audit_record where sequence = ${size - 1})`,
        ];
        for (const statement of statements) await statement.execute(database.kysely());
      });
      expect(await installation.must('audit', 'verify')).toContain(`holds: ${size - 1} records`);
      const cut = await installation.run('audit', 'verify', '--checkpoint', file);
      expect(cut).toMatchObject({ code: 1, output: '' });
      expect(cut.complaints).toMatch(
        new RegExp(`^The audit log does not hold at record ${size}: it is missing: the checkpoint`),
      );

      await installation.inDatabase((database) =>
        sql`update audit_record set actor_role = 'nobody' where sequence = 2`.execute(database.kysely()),
      );
      const changed = await installation.run('audit', 'verify');
      expect(changed).toMatchObject({ code: 1, output: '' });
      expect(changed.complaints).toMatch(
        /^The audit log does not hold at record 2: .* it was changed after it had been written\.\n$/,
      );
    });

    it.each([
      ['a checkpoint file that is not there', ['verify', '--checkpoint', 'missing'], /missing cannot be used: ENOENT/],
      ['a folder that is not there', ['checkpoint', '--out', 'missing/log.jsonl'], /cannot be used: ENOENT/],
    ])('refuses %s with 1', async (_what, args, complaint) => {
      const { code, output, complaints } = await installation.run('audit', ...args);
      expect(complaints).toMatch(complaint);
      expect({ code, output }).toEqual({ code: 1, output: '' });
    });
  });
});
