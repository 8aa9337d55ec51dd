import { loop, type Tell } from './loop.ts';
import { Portal } from './portal.ts';
import { ProductInMemory } from './product.ts';
import { lookOnce } from './reader.ts';
import { workOnce } from './worker.ts';

/** A line of JSON for each thing that was done. */
const tell: Tell = (did, about = {}) => {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), did, ...about })}\n`);
};

function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  process.stderr.write(`Set ${name}; the README says to what.\n`);
  process.exit(1);
}

function numberIn(name: string, usual: number): number {
  const value = Number(process.env[name] ?? usual);
  if (Number.isFinite(value) && value >= 0) return value;
  process.stderr.write(`${name} must be a number, and not less than 0.\n`);
  process.exit(1);
}

/** Works until SIGTERM or SIGINT, and then finishes what it has begun. */
async function main(): Promise<void> {
  const url = required('PORTAL_URL');
  const portal = new Portal(url, required('PROVISIONER_KEY'));
  const readerKey = process.env.READ_BACK_KEY;
  const pollMs = numberIn('POLL_MS', 1000);
  const leaseSeconds = numberIn('LEASE_SECONDS', 60);
  const batch = numberIn('BATCH', 10);
  const product = new ProductInMemory(numberIn('FAIL_EVERY', 0));
  const stopping = new AbortController();
  const stop = stopping.signal;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());

  tell('started', { url, leaseSeconds, batch, readsBack: readerKey !== undefined });
  const loops = [loop(() => workOnce({ portal, product, leaseSeconds, batch, stop, tell }), { pollMs, stop, tell })];
  if (readerKey) {
    const reader = new Portal(url, readerKey);
    loops.push(loop(() => lookOnce({ portal: reader, product, tell }), { pollMs, stop, tell }));
  }
  await Promise.all(loops);
  tell('stopped');
}

await main();
