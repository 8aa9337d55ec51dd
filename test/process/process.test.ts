import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { freePort } from '../../src/demo/demo-portal.js';
import { firstSignIn } from '../../src/demo/people.js';
import { PortalClient } from '../../src/demo/portal-client.js';

/** A portal as an operator starts it. */
class RunningPortal {
  readonly process: ChildProcess;
  output = '';
  readonly ended: Promise<number | null>;
  readonly #changed = new Set<() => void>();

  constructor(environment: Readonly<Record<string, string>>) {
    this.process = spawn(process.execPath, ['--enable-source-maps', 'dist/bundle/main.js'], {
      env: { PATH: process.env.PATH, NODE_ENV: 'development', LOG_FORMAT: 'json', ...environment },
    });
    const read = (chunk: Buffer) => {
      this.output += chunk.toString('utf8');
      for (const wake of this.#changed) wake();
    };
    this.process.stdout?.on('data', read);
    this.process.stderr?.on('data', read);
    this.ended = new Promise((resolve) => {
      this.process.once('close', (code) => {
        for (const wake of this.#changed) wake();
        resolve(code);
      });
    });
  }

  /** Waits until the portal has printed this. @throws Error with its output, when it ends before */
  async says(form: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = form.exec(this.output);
      if (found) return found;
      if (this.process.exitCode !== null) throw new Error(`It ended without saying ${form}:\n${this.output}`);
      await new Promise<void>((resolve) => {
        this.#changed.add(resolve);
      });
    }
  }
}

describe('the portal’s process, on the embedded database', () => {
  let dataDir: string;
  let port: number;
  let running: RunningPortal[];

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'sallyport-process-'));
    port = await freePort();
    running = [];
  });
  // A whole portal starts in each of these, some of them twice.
  jest.setTimeout(180_000);
  afterEach(async () => {
    for (const portal of running) {
      portal.process.kill('SIGKILL');
      await portal.ended;
    }
    rmSync(dataDir, { recursive: true, force: true });
  });

  function start(environment: Readonly<Record<string, string>> = {}): RunningPortal {
    const portal = new RunningPortal({ DATA_DIR: dataDir, PORT: String(port), ...environment });
    running.push(portal);
    return portal;
  }

  it('says where it listens, which database it uses and what to do next, and gives a first password once', async () => {
    const first = start();
    await first.says(/Next: open/);
    expect(first.output).toContain(`Sallyport answers at http://127.0.0.1:${port}/graphql`);
    expect(first.output).toContain(`Database: embedded PostgreSQL in ${dataDir}`);
    const [, password = ''] = await first.says(/one-time password {2}(\S+)/);

    const admin = await firstSignIn(new PortalClient(`http://127.0.0.1:${port}`), 'admin@example.org', password);
    expect(await admin.ask('{ viewer { staffRoles } programs(status: OPEN) { nodes { code } } }')).toMatchObject({
      viewer: { staffRoles: expect.arrayContaining(['ADMIN']) },
      programs: { nodes: [{ code: 'trusted-defenders' }] },
    });

    first.process.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    const second = start();
    await second.says(/Next: open/);
    expect(second.output).not.toContain('one-time password');
  });

  it('finishes the request under way when it is told to stop, and exits 0 within ten seconds', async () => {
    const portal = start();
    const [, password = ''] = await portal.says(/one-time password {2}(\S+)/);
    await portal.says(/Next: open/);
    const client = new PortalClient(`http://127.0.0.1:${port}`);
    const answer = client.request('mutation ($input: SignInInput!) { signIn(input: $input) { errors { code } } }', {
      input: { email: 'admin@example.org', password },
    });
    const told = performance.now();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    portal.process.kill('SIGTERM');
    const [reply, code] = await Promise.all([answer.catch(() => null), portal.ended]);
    expect(code).toBe(0);
    expect(performance.now() - told).toBeLessThan(10_000);
    // Whatever the moment: either it was taken and answered, or it was not taken at all.
    if (reply) expect([200, 503]).toContain(reply.status);
  });

  it('refuses a data folder that another process uses, and takes it when that process was killed', async () => {
    const first = start();
    await first.says(/Next: open/);
    const second = start({ PORT: String(await freePort()) });
    expect(await second.ended).toBe(1);
    expect(second.output).toContain(
      `The data folder ${dataDir} is in use by the process with pid ${first.process.pid}`,
    );

    first.process.kill('SIGKILL');
    await first.ended;
    const third = start();
    await third.says(/Next: open/);
  });

  it('says everything that is wrong with its configuration, and exits 1', async () => {
    const portal = start({ PORT: 'eighty', LOG_LEVEL: 'loud' });
    expect(await portal.ended).toBe(1);
    expect(portal.output.trim().split('\n')).toEqual([
      'PORT must be a port from 0 to 65535 (0: any free one).',
      'LOG_LEVEL must be trace, debug, info, warn, error or silent.',
    ]);
  });

  it('reads fewer than two hundred files to start, and tells the lines of the source in traces', async () => {
    const counting = `import { registerHooks } from 'node:module';
      import { Server } from 'node:net';
      let files = 0;
      registerHooks({ load(url, context, next) {
        if (url.startsWith('file:')) files += 1;
        return next(url, context);
      } });
      Server.prototype.listen = () => { throw new Error('Planted after ' + files + ' files'); };`;
    const portal = start({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(counting)}` });
    expect(await portal.ended).toBe(1);
    expect(Number(/Planted after (\d+) files/.exec(portal.output)?.[1])).toBeLessThan(200);
    expect(portal.output).toMatch(/^ +at .*\/src\/platform\/http\/\w+\.ts:\d+:\d+/m);
  });

  it('says so when its port is taken', async () => {
    const first = start();
    await first.says(/Next: open/);
    const other = mkdtempSync(join(tmpdir(), 'sallyport-process-'));
    const second = start({ DATA_DIR: other });
    expect(await second.ended).toBe(1);
    expect(second.output).toContain(`Port ${port} on 127.0.0.1 is taken`);
    rmSync(other, { recursive: true, force: true });
  });
});
