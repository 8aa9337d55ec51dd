import { workloads } from '../workloads/all.js';
import { hasPart, type ServerName, serverNames } from '../workloads/workload.js';
import { judge, type Verdict } from './bars.js';
import { find, median, processorRatioTo, type Results, ratioTo } from './measurement.js';

const titles: Readonly<Record<ServerName, string>> = {
  portal: 'Sallyport',
  limit: 'the limit: node:http and one statement',
  joined: 'the limit, its JSON joined from texts',
  postgraphile: 'PostGraphile 5',
  mercurius: 'Mercurius 16 with JIT',
};

/** The page that a run leaves: the newest results of each size, on this machine. */
export function resultsPage(all: readonly Results[]): string {
  return [
    '# Results of the bench',
    '',
    'Written by `npm run bench`; see [README.md](README.md) for what is measured, and how. Requests a second are medians of',
    'the rounds, ratios medians of the ratios of each round. Latencies are in milliseconds, of all rounds together.',
    ...all.flatMap((results) => ['', ...sectionOf(results)]),
    '',
  ].join('\n');
}

/** The same for the terminal. */
export function summaryOf(results: Results): string {
  return sectionOf(results).join('\n');
}

function sectionOf(results: Results): readonly string[] {
  const { size, date, machine, rounds, seconds, load } = results;
  const connections = connectionsOf(results);
  return [
    `## ${size}x: ${(size * 20_000).toLocaleString('en-US')} applications, ${(size * 200_000).toLocaleString('en-US')} audit records`,
    '',
    `${date}; ${machine.cores} cores (${machine.processor}), ${machine.memory}; Node.js ${machine.node}; PostgreSQL ${machine.postgresql} (${machine.settings}).`,
    `${rounds} rounds of ${seconds} s each, the servers in turn; everything on this one machine. Its load average was ${load[0].toFixed(1)} before and ${load[1].toFixed(1)} after.`,
    '',
    ...table(
      ['', '', ...connections.flatMap((number) => [`${number}: req/s`, 'p50', 'p99']), 'RSS MB'],
      rowsOf(results, connections),
    ),
    '',
    `Ratios of requests a second, at ${connections.join(', ')} connections:`,
    '',
    ...table(ratioHead(results), ratioRows(results, connections, ratioTo)),
    '',
    'The same of the processor time that a request takes, of server and database together: less is more here, and what',
    'else the machine did is not in it.',
    '',
    ...table(ratioHead(results), ratioRows(results, connections, processorRatioTo)),
    '',
    ...verdictTable(judge(results)),
  ];
}

function rowsOf(results: Results, connections: readonly number[]): readonly (readonly string[])[] {
  return workloads.flatMap((workload) =>
    serversOf(results)
      .filter((server) => hasPart(workload, server) && connections.some((n) => find(results, workload.name, n, server)))
      .map((server) => {
        const found = connections.map((number) => find(results, workload.name, number, server));
        const memory = found.findLast((one) => one)?.memory ?? null;
        return [
          workload.name,
          titles[server],
          ...found.flatMap((one) => (one ? [rate(median(one.perSecond)), ms(one.p50), ms(one.p99)] : ['', '', ''])),
          memory === null ? '' : (memory / 1024 / 1024).toFixed(0),
        ];
      }),
  );
}

function ratioHead(results: Results): readonly string[] {
  return ['Sallyport against', ...peersOf(results).map((server) => titles[server])];
}

function ratioRows(
  results: Results,
  connections: readonly number[],
  ratio: typeof ratioTo,
): readonly (readonly string[])[] {
  const measured = new Set(results.measurements.map(({ workload }) => workload));
  return workloads
    .filter(({ name }) => measured.has(name))
    .map(({ name }) => [
      name,
      ...peersOf(results).map((server) => {
        const ratios = connections.map((number) => ratio(server, results, name, number));
        return ratios.every((one) => one === null) ? '' : ratios.map((one) => one?.toFixed(2) ?? '').join(', ');
      }),
    ]);
}

function verdictTable(verdicts: readonly Verdict[]): readonly string[] {
  return table(
    ['bar', 'found', ''],
    verdicts.map(({ bar, found, holds }) => [bar, found, holds ? 'pass' : 'MISS']),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((cell, column) => Math.max(3, cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) => (column < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)];
}

function connectionsOf({ measurements }: Results): readonly number[] {
  return [...new Set(measurements.map(({ connections }) => connections))].sort((one, other) => one - other);
}

function serversOf({ measurements }: Results): readonly ServerName[] {
  return serverNames.filter((name) => measurements.some(({ server }) => server === name));
}

function peersOf(results: Results): readonly ServerName[] {
  return serversOf(results).filter((server) => server !== 'portal');
}

function rate(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : perSecond.toFixed(0);
}

function ms(milliseconds: number): string {
  return milliseconds < 10 ? milliseconds.toFixed(2) : milliseconds.toFixed(1);
}
