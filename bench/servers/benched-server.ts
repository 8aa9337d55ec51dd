/** What a measured server besides the portal is told when it is started. */
export interface BenchedServer {
  readonly port: number;
  readonly databaseUrl: string;
  readonly poolSize: number;
}

/** Reads it, and ends the process when whoever started it is gone. */
export function benchedServer(): BenchedServer {
  const { PORT, DATABASE_URL, DATABASE_POOL_SIZE } = process.env;
  if (!PORT || !DATABASE_URL || !DATABASE_POOL_SIZE)
    throw new Error('PORT, DATABASE_URL and DATABASE_POOL_SIZE are needed.');
  process.stdin.on('end', () => process.exit(0)).resume();
  return { port: Number(PORT), databaseUrl: DATABASE_URL, poolSize: Number(DATABASE_POOL_SIZE) };
}
