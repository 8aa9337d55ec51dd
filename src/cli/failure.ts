import { type Problem, Refusal } from '../platform/errors.js';

/** Says on the standard error what went wrong: every problem of a refusal in a line, and of a bug where it is. */
export function report(error: unknown): void {
  const lines =
    error instanceof Refusal
      ? error.problems.map(sentence)
      : [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  process.stderr.write(`${lines.join('\n')}\n`);
}

function sentence({ path, message }: Problem): string {
  const place = path.join('.');
  return place === '' || message.startsWith(place) ? message : `${place}: ${message}`;
}
