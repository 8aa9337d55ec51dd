import { type Command, InvalidArgumentError } from 'commander';
import { decodeId, encodeId } from '../platform/ids.js';
import { withDatabase, withPortal } from './opening.js';
import { jsonOption, type ListOptions, say, sayList } from './output.js';
import { failedDeliveries, listedEndpoints } from './webhook.queries.js';

const mostListed = 10_000;

export function addWebhookCommands(parent: Command): void {
  const webhooks = parent.command('webhooks').description('webhook endpoints, and what they were sent');

  webhooks
    .command('list')
    .description('every endpoint, with how much waits to be sent and how much was given up')
    .option(...jsonOption)
    .action(list);
  webhooks
    .command('failed')
    .description('the newest deliveries that were given up')
    .option('--limit <count>', 'how many at most', readLimit, 100)
    .option(...jsonOption)
    .action(failed);
  webhooks.command('replay <delivery>').description('send a delivery again, by its id').action(replay);
}

async function list(options: ListOptions): Promise<void> {
  const endpoints = await withDatabase((database) => listedEndpoints(database.kysely()));
  const lines = endpoints.map((endpoint) => ({ ...endpoint, id: encodeId('endpoint', endpoint.id) }));
  sayList(lines, options, 'No endpoint is registered.');
}

async function failed(options: ListOptions & { readonly limit: number }): Promise<void> {
  const deliveries = await withDatabase((database) => failedDeliveries(database.kysely(), options.limit));
  const lines = deliveries.map((delivery) => ({ ...delivery, id: encodeId('delivery', delivery.id) }));
  sayList(lines, options, 'No delivery was given up.');
}

async function replay(id: string): Promise<void> {
  const deliveryId = decodeId('delivery', id);
  await withPortal(async ({ database, webhooks }, by) => {
    await webhooks.replay(deliveryId, by);
    const when = database.kind === 'embedded' ? 'when the portal is started' : 'as soon as a worker is free';
    say(`${id} will be sent again ${when}.`);
  });
}

function readLimit(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= mostListed) return count;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${mostListed}.`);
}
