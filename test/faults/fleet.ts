import type { Chance } from './chance.js';
import { PortalProcess } from './portal-process.js';
import type { Premises } from './premises.js';

type Place = 'portal' | 'api' | 'worker';

/** One of so many kills hits a process that is still starting. */
const startingIsHitOneIn = 5;

/** How long after its start such a process is killed, in milliseconds. */
const startingLasts = [50, 1_200] as const;

/** All processes of the portal: on an embedded database one, on a server one for requests and one for jobs. */
export class Fleet {
  readonly #premises: Premises;
  readonly #processes = new Map<Place, PortalProcess>();
  #isAbandoned = false;
  #answering = Promise.withResolvers<void>();
  #isAnswering = false;
  /** What processes said that ended by themselves. */
  readonly ownEnds: string[] = [];
  /** Lines that were logged as errors. */
  readonly errors: string[] = [];
  kills = 0;
  killsOfStarting = 0;
  restarts = 0;

  constructor(premises: Premises) {
    this.#premises = premises;
  }

  get #places(): readonly [Place, ...Place[]] {
    return this.#premises.isEmbedded ? ['portal'] : ['api', 'worker'];
  }

  /** Settles once requests are answered: at once, or after the next restart. */
  answers(): Promise<void> {
    return this.#answering.promise;
  }

  async start(): Promise<void> {
    await this.#start(this.#places);
  }

  /** Kills one process, or all of them, at this moment, and starts them again. */
  async killAndRestart(chance: Chance): Promise<void> {
    const victims = chance.isOneIn(5) ? this.#places : ([chance.oneOf(this.#places)] as const);
    await this.#kill(victims);
    if (chance.isOneIn(startingIsHitOneIn)) {
      for (const place of victims) this.#spawn(place);
      await pause(chance.between(...startingLasts));
      await this.#kill(victims);
      this.killsOfStarting += victims.length;
    }
    await this.#start(victims);
    this.restarts += victims.length;
  }

  /** Stops all in good order. @returns their exit codes */
  async stop(): Promise<readonly (number | null)[]> {
    const codes = await Promise.all([...this.#processes.values()].map((process) => process.stop()));
    this.#processes.clear();
    return codes;
  }

  /** Kills all, for good: what goes on in the background starts none again. */
  async abandon(): Promise<void> {
    this.#isAbandoned = true;
    await Promise.all([...this.#processes.values()].map((process) => process.kill()));
    this.#processes.clear();
  }

  async #start(places: readonly Place[]): Promise<void> {
    for (const place of places) this.#spawn(place);
    await Promise.all(places.map((place) => this.#processes.get(place)?.ready));
    this.#isAnswering = true;
    this.#answering.resolve();
  }

  async #kill(places: readonly Place[]): Promise<void> {
    // Whoever waits already goes on waiting for the same promise.
    if (this.#isAnswering && !places.every((place) => place === 'worker')) {
      this.#answering = Promise.withResolvers();
      this.#isAnswering = false;
    }
    this.kills += places.length;
    await Promise.all(places.map((place) => this.#processes.get(place)?.kill()));
  }

  #spawn(place: Place): void {
    if (this.#isAbandoned) throw new Error('The trial is over.');
    const environment = { ...this.#premises.environment, RUN: place === 'portal' ? 'api,worker' : place };
    const process = new PortalProcess(environment, {
      endedByItself: (account) => this.ownEnds.push(account),
      loggedError: (line) => this.errors.push(line),
    });
    this.#processes.set(place, process);
  }
}

/** Lets a random time pass: here it is the time itself that is wanted. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
