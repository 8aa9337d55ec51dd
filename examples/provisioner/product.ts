/** What a product must be able to do. Everything can be said twice and is then done once: a task may be handed out again. */
export interface Product {
  /** Lets the organization in under these conditions. @returns the reference under which the product knows it */
  open(grantId: string, organizationName: string, conditions: readonly string[]): Promise<string>;
  /** Shuts it out; also when it never was let in. @returns the reference under which the product knew it */
  close(grantId: string): Promise<string>;
  /** Is it let in? Asked for by the read-back, which should not ask whoever opened and closed. */
  isOpen(grantId: string): Promise<boolean>;
}

/** A product that keeps its accounts in memory. A real one is called here over its own API. */
export class ProductInMemory implements Product {
  readonly #accounts = new Map<string, { reference: string; conditions: readonly string[] }>();
  readonly #failEvery: number;
  #calls = 0;
  #opened = 0;

  /** @param failEvery has each so many-th call fail, to show what happens then; 0 for none */
  constructor(failEvery = 0) {
    this.#failEvery = failEvery;
  }

  async open(grantId: string, _organizationName: string, conditions: readonly string[]): Promise<string> {
    this.#work();
    const known = this.#accounts.get(grantId);
    if (!known) this.#opened += 1;
    const reference = known?.reference ?? `account-${this.#opened}`;
    this.#accounts.set(grantId, { reference, conditions });
    return reference;
  }

  async close(grantId: string): Promise<string> {
    this.#work();
    const reference = this.#accounts.get(grantId)?.reference ?? 'no account';
    this.#accounts.delete(grantId);
    return reference;
  }

  async isOpen(grantId: string): Promise<boolean> {
    return this.#accounts.has(grantId);
  }

  #work(): void {
    this.#calls += 1;
    if (this.#failEvery > 0 && this.#calls % this.#failEvery === 0) throw new Error('The product is busy.');
  }
}
