import { STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';

/** Answers what could not even be read as a request, as Node would: on the bare connection, which then ends. */
export function answerUnreadable(socket: unknown, code: string | undefined, requestId: string): void {
  if (!(socket instanceof Socket) || code === 'ECONNRESET' || !socket.writable) return;
  const [status, errorCode, message] =
    code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? [408, 'TIMEOUT', 'The request took too long to arrive.']
      : code === 'HPE_HEADER_OVERFLOW'
        ? [431, 'HEADERS_TOO_LARGE', 'The headers are too large.']
        : [400, 'BAD_REQUEST', 'This is not an HTTP request.'];
  const body = JSON.stringify({ errors: [{ message, extensions: { code: errorCode } }] });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'connection: close',
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${requestId}`,
      '',
      body,
    ].join('\r\n'),
    () => socket.destroySoon(),
  );
}
