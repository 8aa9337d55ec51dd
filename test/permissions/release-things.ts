import { createHash } from 'node:crypto';
import { type PortalClient, textAt } from '../../src/demo/portal-client.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import type { TestPortal } from '../support/portal.js';

const letterText = 'You may.';
let count = 0;
const next = () => {
  count += 1;
  return count;
};

/** What commands on products and directives are about, made by somebody who is nobody of the cast, each anew. */
export class ReleaseThings {
  readonly #desk: TestPortal;
  #other: Promise<PortalClient> | null = null;
  #authority: Promise<string> | null = null;

  constructor(desk: TestPortal) {
    this.#desk = desk;
  }

  /** A product that nobody is let in to. */
  async product(): Promise<{ id: string; code: string }> {
    const code = `product-${next()}`;
    await this.#desk.program({ ...sampleProgram, code: `releases-${code}`, productCode: code, productName: code });
    const other = await this.#someone();
    const found = await other.ask('query ($code: String!) { product(code: $code) { id } }', { code });
    return { code, id: textAt(found, 'product', 'id') };
  }

  async productWithProposal(): Promise<string> {
    const { id: productId } = await this.product();
    await (await this.#someone()).must('proposeReleaseStatus', { productId, status: 'GENERAL', reason: 'It is tame.' });
    return productId;
  }

  async waveInput() {
    return { productId: (await this.product()).id, name: 'The first', opensAt: '2030-01-01T00:00:00Z' };
  }

  async wave(): Promise<string> {
    const made = await (await this.#someone()).must('planWave', await this.waveInput(), 'wave { id }');
    return textAt(made, 'wave', 'id');
  }

  async restorationInput() {
    const productId = (await this.product()).id;
    return { productId, reason: 'Permitted again.', batches: [{ opensAt: '2030-01-01T00:00:00Z' }] };
  }

  async restoration(): Promise<string> {
    const input = await this.restorationInput();
    const made = await (await this.#someone()).must('planRestoration', input, 'restoration { id }');
    return textAt(made, 'restoration', 'id');
  }

  async letter() {
    const now = this.#desk.clock.now().toISOString();
    this.#authority ??= this.#register();
    return {
      authorityId: await this.#authority,
      reference: `L-${next()}`,
      summary: 'As the letter says.',
      issuedAt: now,
      receivedAt: now,
      effectiveAt: now,
    };
  }

  async directive(): Promise<string> {
    const { code } = await this.product();
    const letter = await this.letter();
    const said = { kind: 'AUTHORIZE', terms: { products: [code] }, entries: [{ name: 'Some One', effect: 'PERMITS' }] };
    const made = await (await this.#someone()).must('recordDirective', { ...letter, ...said }, 'directive { id }');
    return textAt(made, 'directive', 'id');
  }

  async emergencyHalt(): Promise<string> {
    const { code } = await this.product();
    const said = { ...(await this.letter()), products: [code] };
    const made = await (await this.#someone()).must('orderEmergencyHalt', said, 'directive { id }');
    return textAt(made, 'directive', 'id');
  }

  async letterFile() {
    const sha256 = createHash('sha256').update(letterText).digest('hex');
    const file = { fileName: 'letter.txt', mediaType: 'text/plain', size: letterText.length, sha256 };
    return { directiveId: await this.directive(), ...file };
  }

  async uploadedLetter(): Promise<string> {
    const asked = await (await this.#someone()).must(
      'requestDirectiveLetterUpload',
      await this.letterFile(),
      'letter { id } upload { url }',
    );
    const sent = await fetch(textAt(asked, 'upload', 'url'), { method: 'PUT', body: letterText });
    if (!sent.ok) throw new Error(await sent.text());
    return textAt(asked, 'letter', 'id');
  }

  async entry(): Promise<string> {
    const found = await (await this.#someone()).ask(
      'query ($id: ID!) { directive(id: $id) { entries { nodes { id } } } }',
      { id: await this.directive() },
    );
    return textAt(found, 'directive', 'entries', 'nodes', 0, 'id');
  }

  #someone(): Promise<PortalClient> {
    this.#other ??= this.#desk.staff('PROGRAM_MANAGER');
    return this.#other;
  }

  async #register(): Promise<string> {
    const said = { name: `Authority ${next()}`, jurisdiction: 'US' };
    return textAt(await (await this.#someone()).must('registerAuthority', said, 'authority { id }'), 'authority', 'id');
  }
}
