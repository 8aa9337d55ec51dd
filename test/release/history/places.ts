import { type PortalClient, textAt, valueAt } from '../../../src/demo/portal-client.js';
import { listAt } from '../../journeys/story.js';

/** The waves of the product, which let in a few organizations each. */
export class Places {
  readonly #productId: string;

  constructor(productId: string) {
    this.#productId = productId;
  }

  /** One more, unless one is open or about to be: one person plans it, and another confirms it. */
  async plan(planner: PortalClient, second: PortalClient, places: number, now: string): Promise<void> {
    const found = await this.#waves(planner);
    if (found.some(({ status }) => status === 'OPEN' || status === 'CONFIRMED')) return;
    const name = `Wave ${found.length + 1}`;
    const input = { productId: this.#productId, name, opensAt: now, capacityOrganizations: places };
    const waveId = textAt(await planner.must('planWave', input, 'wave { id }'), 'wave', 'id');
    await second.must('confirmWave', { waveId });
  }

  /** Closes the one that is open, if one is. */
  async close(planner: PortalClient): Promise<void> {
    for (const { id, status } of await this.#waves(planner)) {
      if (status === 'OPEN' || status === 'CONFIRMED')
        await planner.must('closeWave', { waveId: id, reason: 'Enough for now.' });
    }
  }

  /** At every moment: no wave lets in more than it has places for. */
  async overfilled(planner: PortalClient): Promise<readonly string[]> {
    return (await this.#waves(planner))
      .filter(({ taken, places }) => taken > places)
      .map(({ name, taken, places }) => `${name} let in ${taken}, and has ${places} places`);
  }

  /** Is a wave open that could let in one more? */
  async areFree(planner: PortalClient): Promise<boolean> {
    return (await this.#waves(planner)).some(({ status, places, taken }) => status === 'OPEN' && taken < places);
  }

  async #waves(planner: PortalClient) {
    const query =
      '{ product(code: "mythos-5") { waves { id name status capacityOrganizations organizationsInside } } }';
    return listAt(await planner.ask(query), 'product', 'waves').map((wave) => ({
      id: textAt(wave, 'id'),
      name: textAt(wave, 'name'),
      status: textAt(wave, 'status'),
      places: Number(valueAt(wave, 'capacityOrganizations')),
      taken: Number(valueAt(wave, 'organizationsInside')),
    }));
  }
}
