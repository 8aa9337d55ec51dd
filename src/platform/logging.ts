import { type Logger, pino } from 'pino';

export type Log = Logger;

export interface LogOptions {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly format: 'json' | 'pretty';
}

/**
 * The process's log. Only what a line names is written: log ids, names and counts, never inputs, headers, answers or
 * error objects from outside as a whole. `err` takes an Error and keeps its type, message and stack.
 */
export function createLog({ level, format }: LogOptions): Log {
  const options = { level, base: { service: 'sallyport' }, timestamp: pino.stdTimeFunctions.isoTime };
  if (format === 'json') return pino(options);
  return pino({
    ...options,
    transport: { target: 'pino-pretty', options: { ignore: 'service', translateTime: 'HH:MM:ss' } },
  });
}
