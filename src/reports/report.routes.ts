import type { Readable } from 'node:stream';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Request } from '../api/request.js';
import type { Doorway } from '../doorway/doorway.js';
import { requirePermission } from '../doorway/requirements.js';
import type { Actor } from '../lifecycle/actor.js';
import type { Database } from '../platform/database/database.js';
import { currentExchange } from '../platform/http/exchange.js';
import type { Log } from '../platform/logging.js';
import { exportReport } from './report.commands.js';
import { type ReportFile, reportFiles } from './report-files.js';
import { type ReportParameters, readParameters } from './report-parameters.js';
import { reportScope } from './report-scope.queries.js';
import { OpenFiles, openStream, type StreamLimits, streamLimits } from './report-stream.js';

export interface ReportRoutesOptions {
  readonly database: Database;
  readonly doorway: Doorway;
  readonly log: Log;
  /** Who asks, found out as for GraphQL. */
  readonly requestOf: (request: FastifyRequest, reply: FastifyReply) => Promise<Request>;
  /** Counts an export by somebody with this id. @throws Refusal RATE_LIMITED */
  readonly admit: (id: string) => Promise<void>;
  readonly limits?: StreamLimits;
}

/** How many files leave one process at a time. */
const mostAtOnce = 2;

/** Where reports leave as files: `GET /reports/….csv`, for those who may read them by GraphQL. */
export const reportRoutes: FastifyPluginAsync<ReportRoutesOptions> = async (app, options) => {
  const open = new OpenFiles(mostAtOnce);
  for (const [name, file] of Object.entries(reportFiles)) {
    app.route({
      method: 'GET',
      url: `/reports/${name}.csv`,
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        const caller = await options.requestOf(request, reply);
        const exchange = currentExchange();
        if (exchange) exchange.actor = caller.actor.kind;
        requirePermission('readReports', caller.actor, null);
        const parameters = readParameters({ ...Object(request.query) }, file, caller.reading.viewer.now);
        const leave = open.enter();
        const stream = await openExport({ name, file, parameters, caller, leave }, options).catch((error: unknown) => {
          leave();
          throw error;
        });
        // The caller may be gone already, and then nobody takes it.
        if (exchange?.isOver) stream.destroy();
        stream.once('error', (error) => {
          options.log.warn({ requestId: request.id, err: error }, 'A report was cut off');
        });
        return reply
          .headers({
            'content-type': 'text/csv; charset=utf-8; header=present',
            'content-disposition': `attachment; filename="${fileName(name, parameters)}"`,
            'content-security-policy': "sandbox; default-src 'none'",
            'cache-control': 'no-store',
          })
          .send(stream);
      },
    });
  }
};

interface Export {
  readonly name: string;
  readonly file: ReportFile;
  readonly parameters: ReportParameters;
  readonly caller: Request;
  /** Is called, once or more, when nothing is read any more. */
  readonly leave: () => void;
}

/** Puts the export on record, and begins to read. */
async function openExport(
  { name, file, parameters, caller, leave }: Export,
  options: ReportRoutesOptions,
): Promise<Readable> {
  const { database, doorway, admit, limits = streamLimits } = options;
  const { viewer } = caller.reading;
  const scope = await reportScope(database.kysely(), viewer, parameters.program);
  await admit(idOf(caller.actor));
  const { period } = parameters;
  // A repeated request is another file that leaves, and so another record, whatever its idempotency key.
  await doorway.execute(
    exportReport,
    { report: name, period, programId: scope.programId },
    { ...caller.command, idempotencyKey: null },
  );
  const { now } = viewer;
  const { unit, group, at } = parameters;
  const asked = { scope, now, unit, group, at: at ?? now, period: period ?? { from: now, to: now } };
  return openStream(file.columns, file.read(database, asked), limits, leave);
}

function idOf(actor: Actor): string {
  if (actor.kind === 'PERSON') return actor.personId;
  return actor.kind === 'MACHINE' ? actor.keyId : actor.kind;
}

/** Of nothing but letters, digits and hyphens. */
function fileName(name: string, { period, at }: ReportParameters): string {
  const day = (date: Date) => date.toISOString().slice(0, 10);
  const when = period ? `${day(period.from)}-to-${day(period.to)}` : day(at ?? new Date(0));
  return `sallyport-${name}-${when}.csv`;
}
