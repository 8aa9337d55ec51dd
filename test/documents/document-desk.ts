import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery, sql } from 'kysely';
import {
  completeDocumentUpload,
  type RequestDocumentUploadInput,
  removeDocument,
  requestDocumentUpload,
} from '../../src/documents/document.commands.js';
import { documentRoutes } from '../../src/documents/document.routes.js';
import { documentSweep } from '../../src/documents/document.sweep.js';
import { DocumentLinks } from '../../src/documents/document-links.js';
import type { Patience } from '../../src/documents/document-receiving.js';
import type { CommandContext } from '../../src/doorway/command.js';
import { Doorway } from '../../src/doorway/doorway.js';
import type { Actor, PersonActor } from '../../src/lifecycle/actor.js';
import type { StaffRole } from '../../src/lifecycle/roles.js';
import { createApp } from '../../src/platform/http/app.js';
import { randomIds } from '../../src/platform/ids.js';
import { createLog } from '../../src/platform/logging.js';
import { LocalStorage } from '../../src/platform/storage/local-storage.js';
import { openTestDatabase } from '../support/database.js';

export const maxDocumentBytes = 1_000_000;

export interface DeskOptions {
  readonly maxDocumentBytes?: number;
  readonly patience?: Patience;
}

/** The document desk of a portal: a database, a folder, the commands, and the routes listening on a port. */
export async function openDesk(options: DeskOptions = {}) {
  const limit = options.maxDocumentBytes ?? maxDocumentBytes;
  const database = await openTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'sallyport-documents-'));
  const folder = join(dataDir, 'documents');
  const storage = await LocalStorage.open(folder);
  const time = { now: new Date() };
  const clock = { now: () => time.now };
  const jobs = { insertion: async () => CompiledQuery.raw('select 1') };
  const doorway = new Doorway({ database, jobs, clock, ids: randomIds, sealingKey: randomBytes(32) });
  let origin = '';
  const links = new DocumentLinks({ key: randomBytes(32), publicUrl: () => origin });
  // Bodies elsewhere are far smaller than documents.
  const app = createApp({ trustedProxies: 0, bodyBytes: 500, log: createLog({ level: 'silent', format: 'json' }) });
  const { patience } = options;
  const routes = { database, storage, links, clock, maxDocumentBytes: limit };
  await app.register(documentRoutes, patience ? { ...routes, patience } : routes);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;
  const sweep = documentSweep({ doorway, database, storage, clock, ids: randomIds });
  const people = await settle(database.kysely(), time.now);

  const as = (actor: Actor): CommandContext => ({ actor, requestId: 'test', ipAddress: null, idempotencyKey: null });

  return {
    ...people,
    database,
    storage,
    doorway,
    links,
    time,
    port,
    limit,
    as,
    sweep: () => sweep.handle({}, new AbortController().signal),

    /** Announces a file; what is not named is as it should be. */
    request: (input: Partial<RequestDocumentUploadInput> = {}, actor: Actor = people.applicant) =>
      doorway.execute(
        requestDocumentUpload(limit),
        {
          applicationId: people.applicationId,
          requirementKey: 'end-use-statement',
          fileName: 'statement.pdf',
          mediaType: 'application/pdf',
          size: 1000,
          sha256: 'a'.repeat(64),
          informationRequestId: null,
          ...input,
        },
        as(actor),
      ),
    complete: (documentId: string, actor: Actor = people.applicant) =>
      doorway.execute(completeDocumentUpload(storage), { documentId }, as(actor)),
    remove: (documentId: string, actor: Actor = people.applicant) =>
      doorway.execute(removeDocument, { documentId }, as(actor)),

    /** Announces these bytes, and where to send them. */
    async announce(bytes: Uint8Array, input: Partial<RequestDocumentUploadInput> = {}) {
      const announced = await this.request({ size: bytes.byteLength, sha256: sha256Of(bytes), ...input });
      return { ...announced, url: links.upload(announced, time.now).url };
    },

    /** Announces, sends and completes. */
    async provide(bytes: Uint8Array, input: Partial<RequestDocumentUploadInput> = {}) {
      const { documentId, url } = await this.announce(bytes, input);
      const answer = await put(url, bytes);
      if (answer.status !== 201) throw new Error(JSON.stringify(answer));
      await this.complete(documentId);
      return documentId;
    },

    async row(documentId: string) {
      const found = await sql<{ status: string; storage_key: string; bytes_removed_at: string | null }>`
        select status, storage_key, bytes_removed_at from document where id = ${documentId}`.execute(database.kysely());
      const [row] = found.rows;
      if (!row) throw new Error('There is no such document.');
      return row;
    },

    /** The names of all files under the documents' folder. */
    async files() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    },

    setStatus: (status: string) =>
      sql`update application set status = ${status}::text,
        submitted_at = case when ${status}::text <> 'DRAFT' then coalesce(submitted_at, created_at) end where id = ${people.applicationId}`.execute(
        database.kysely(),
      ),

    async events() {
      const found = await sql<{ event: string }>`select event from audit_record order by id`.execute(database.kysely());
      return found.rows.map(({ event }) => event);
    },

    async close() {
      const closed = app.close();
      app.server.closeAllConnections();
      await closed;
      await database.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

export type Desk = Awaited<ReturnType<typeof openDesk>>;

/** Sends bytes to an upload URL, in one piece. */
export async function put(url: string, body: Uint8Array, headers: Record<string, string> = {}) {
  const response = await fetch(url, { method: 'PUT', body: Buffer.from(body), headers });
  return { status: response.status, body: (await response.json()) as { errors: readonly unknown[] } };
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function pdf(size = 1000): Buffer {
  return Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(size - 9)]);
}

/** An application of one organization to a program, and people who have to do with it. */
async function settle(database: Parameters<ReturnType<typeof sql>['execute']>[0], now: Date) {
  const id = () => randomIds.next();
  const [organizationId, programId, termsId, versionId, applicationId] = [id(), id(), id(), id(), id()];
  const person = async (memberships: PersonActor['memberships'], staffRoles: readonly StaffRole[] = []) => {
    const personId = id();
    const email = `${personId}@example.org`;
    await sql`insert into auth_user (id, name, email, email_verified, created_at, updated_at)
      values (${personId}, 'Somebody', ${email}, true, ${now}, ${now})`.execute(database);
    const staffId = staffRoles.length > 0 ? id() : null;
    const actor = {
      kind: 'PERSON',
      personId,
      name: 'Somebody',
      email,
      staffId,
      staffRoles,
      mustChangePassword: false,
    } as const;
    return { ...actor, memberships } satisfies PersonActor;
  };
  const applicant = await person([{ organizationId, role: 'APPLICANT' }]);
  await sql`insert into organization (id, legal_name, country, sector, website, registration_number, created_by, created_at, updated_at)
    values (${organizationId}, 'Harbour Shield', 'NL', 'energy', 'https://harbour.example', 'NL-1', ${applicant.personId}, ${now}, ${now})`.execute(
    database,
  );
  await sql`insert into product (id, code, name, stated_status, created_at, updated_at)
    values (${randomIds.next()}, 'mythos-5', 'Mythos 5', 'LIMITED', ${now}, ${now})`.execute(database);
  await sql`insert into program (id, code, name, summary, product_code, status, created_at, updated_at)
    values (${programId}, 'p', 'Program', 'Summary', 'mythos-5', 'OPEN', ${now}, ${now})`.execute(database);
  await sql`insert into terms_version (id, program_id, label, body, body_sha256, published_at)
    values (${termsId}, ${programId}, '2026', 'Terms', ${sha256Of(Buffer.from('Terms'))}, ${now})`.execute(database);
  const requirements = [
    { key: 'end-use-statement', title: 'End-use statement', description: 'What for.', required: true },
  ];
  const workflow = {
    intake: { queue: 'intake', slaWorkingHours: 8 },
    stages: [],
    countersignWithinWorkingHours: 8,
    appealWithinDays: 30,
  };
  await sql`insert into program_version (id, program_id, number, questionnaire, document_requirements, workflow, terms_version_id, grant_months, published_at)
    values (${versionId}, ${programId}, 1, '{"type":"object"}'::jsonb, ${JSON.stringify(requirements)}::jsonb, ${JSON.stringify(workflow)}::jsonb,
      ${termsId}, 12, ${now})`.execute(database);
  await sql`insert into application (id, reference, organization_id, program_id, program_version_id, status, answers, revision, created_by, created_at, updated_at)
    values (${applicationId}, 'A-1', ${organizationId}, ${programId}, ${versionId}, 'DRAFT', '{}'::jsonb, 0, ${applicant.personId}, ${now}, ${now})`.execute(
    database,
  );
  return {
    organizationId,
    applicationId,
    applicant,
    viewer: await person([{ organizationId, role: 'VIEWER' }]),
    foreigner: await person([{ organizationId: id(), role: 'OWNER' }]),
    reviewer: await person([], ['REVIEWER']),
  };
}
