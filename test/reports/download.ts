import { type ClientRequest, get, type IncomingMessage } from 'node:http';

/** A download that has begun, of which nothing is read yet. */
export interface Download {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
}

/** Asks for a file, as somebody with this credential, and waits until it begins. */
export function download(url: string, credential: string | null): Promise<Download> {
  return new Promise((resolve, reject) => {
    const headers = credential ? { authorization: `Bearer ${credential}` } : {};
    const request = get(url, { headers, agent: false }, (response) => resolve({ request, response }));
    request.once('error', reject);
  });
}

/** Takes a download without keeping it; answers how many lines it had. */
export async function countLines({ response }: Download): Promise<number> {
  let lines = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) lines += 1;
  }
  return lines;
}
