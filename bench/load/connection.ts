import { connect, type Socket } from 'node:net';

/** What came back for one request. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

const endOfHead = Buffer.from('\r\n\r\n');

/**
 * One kept-alive HTTP connection that asks one request after another. It knows as much of HTTP as the servers here use,
 * because what asks shares the machine with what answers: the less it does, the more of the machine is measured.
 */
export class Connection {
  readonly #socket: Socket;
  #received: Buffer[] = [];
  #waiting: Waiting | null = null;
  #head: { readonly status: number; readonly bytes: number; readonly headBytes: number } | null = null;
  #length = 0;

  static async open(port: number): Promise<Connection> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new Connection(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('The server ended the connection.')));
  }

  /** @throws Error when the connection ends before the answer is there, or the answer cannot be read */
  ask(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#waiting) return reject(new Error('A connection asks one request at a time.'));
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#received.push(chunk);
    this.#length += chunk.length;
    if (!this.#head) {
      const all = this.#joined();
      const headBytes = all.indexOf(endOfHead);
      if (headBytes < 0) return;
      const head = all.toString('latin1', 0, headBytes);
      const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
      if (length === undefined) {
        this.#fail(new Error(`An answer does not say its length:\n${head}`));
        return;
      }
      this.#head = {
        status: Number(head.slice(9, 12)),
        bytes: Number(length),
        headBytes: headBytes + endOfHead.length,
      };
    }
    const { status, bytes, headBytes } = this.#head;
    if (this.#length < headBytes + bytes) return;
    const body = this.#joined().subarray(headBytes, headBytes + bytes);
    const waiting = this.#waiting;
    this.#received = [];
    this.#length = 0;
    this.#head = null;
    this.#waiting = null;
    waiting?.resolve({ status, body });
  }

  #joined(): Buffer {
    const [first] = this.#received;
    if (this.#received.length === 1 && first) return first;
    const all = Buffer.concat(this.#received);
    this.#received = [all];
    return all;
  }

  #fail(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(error);
  }
}

/** The bytes of a request. They are made before the clock runs. */
export function requestBytes({ path, token, body }: { path: string; token: string | null; body: object }): Buffer {
  const text = JSON.stringify(body);
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'content-type: application/json',
    'accept: application/json',
    ...(token === null ? [] : [`authorization: Bearer ${token}`]),
    `content-length: ${Buffer.byteLength(text)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`);
}
