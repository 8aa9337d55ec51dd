import { InMemoryLRUCache } from '@apollo/utils.keyvaluecache';
import type { DocumentNode } from 'graphql';
import type { TrustedDocument } from './trusted-documents.js';

/** How long a SHA-256 is in hexadecimal digits: the end of every key that Apollo asks with. */
const hashLength = 64;

/** The documents that Apollo has parsed and validated, with the trusted ones among them from the start. */
export class ParsedDocuments extends InMemoryLRUCache<DocumentNode> {
  readonly #trusted: ReadonlyMap<string, DocumentNode>;

  constructor(trusted: readonly TrustedDocument[]) {
    super();
    this.#trusted = new Map(trusted.map(({ id, document }) => [id.slice(-hashLength), document]));
  }

  override async get(key: string): Promise<DocumentNode | undefined> {
    return this.#trusted.get(key.slice(-hashLength)) ?? super.get(key);
  }
}
