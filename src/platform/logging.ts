import { isNativeError } from 'node:util/types';
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

export interface LogOptions {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly format: 'json' | 'pretty';
}

/**
 * The process's log. Only what a line names is written: log ids, names and counts, never inputs, headers, answers or
 * error objects from outside as a whole. `err` takes an Error and keeps its type, message, code and stack.
 *
 * @param destination where JSON lines go instead of to the standard output
 */
export function createLog({ level, format }: LogOptions, destination?: DestinationStream): Log {
  const options = {
    level,
    base: { service: 'sallyport' },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: namedFieldsOf },
  };
  if (destination) return pino(options, destination);
  if (format === 'json') return pino(options);
  return pino({
    ...options,
    transport: { target: 'pino-pretty', options: { ignore: 'service', translateTime: 'HH:MM:ss' } },
  });
}

/** Messages of databases quote the statement, whose beginning tells which it was. */
const longestMessage = 500;

/** Of an error only these: libraries hang whole rows and requests on theirs. */
function namedFieldsOf(error: unknown): object {
  if (!isNativeError(error)) return { message: String(error) };
  const { name, cause } = error;
  const message = error.message.slice(0, longestMessage);
  // The stack begins with the message, which may be longer than what is wanted of it.
  const stack = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return {
    type: name,
    message,
    stack: stack?.join('\n'),
    ...code,
    ...(isNativeError(cause) ? { cause: namedFieldsOf(cause) } : {}),
  };
}
