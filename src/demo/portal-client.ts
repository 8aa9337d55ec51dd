/** A problem as a mutation's payload reports it. */
export interface ReportedProblem {
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[];
}

export type Fields = Readonly<Record<string, unknown>>;

/** What came back over HTTP, whatever it was. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Fields | null;
  readonly errors: readonly {
    readonly message: string;
    readonly extensions?: Fields;
    readonly path?: readonly string[];
  }[];
}

/** A mutation's payload: the problems, and everything else as it was asked for. */
export interface Outcome {
  readonly errors: readonly ReportedProblem[];
  readonly payload: Fields;
}

/** No answer of a working portal takes longer, in milliseconds. */
const patienceMs = 30_000;

/** Calls the API over HTTP as one person or machine, as anybody outside would. */
export class PortalClient {
  readonly url: string;
  readonly #credential: string | null;

  /** @param credential a session token or an API key; null for a stranger */
  constructor(url: string, credential: string | null = null) {
    this.url = url;
    this.#credential = credential;
  }

  as(credential: string): PortalClient {
    return new PortalClient(this.url, credential);
  }

  /** The same person or machine, calling another process of the portal. */
  at(url: string): PortalClient {
    return new PortalClient(url, this.#credential);
  }

  /** The header that says who calls; none of a stranger. */
  get authorization(): Readonly<Record<string, string>> {
    return this.#credential ? { authorization: `Bearer ${this.#credential}` } : {};
  }

  /** Sends a request and answers with whatever came back. */
  async request(query: string, variables: Fields = {}, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...this.authorization,
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(patienceMs),
    });
    const body = (await response.json()) as { data?: Fields | null; errors?: Reply['errors'] };
    return { status: response.status, headers: response.headers, data: body.data ?? null, errors: body.errors ?? [] };
  }

  /** Asks for a file beside the API, such as a report. */
  file(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      headers: this.#credential ? { authorization: `Bearer ${this.#credential}` } : {},
      signal: AbortSignal.timeout(patienceMs),
    });
  }

  /** Asks a query. @throws Error when the answer holds errors */
  async ask(query: string, variables: Fields = {}): Promise<Fields> {
    const { data, errors } = await this.request(query, variables);
    if (errors.length > 0 || !data)
      throw new Error(errors.map(({ message }) => message).join(' ') || 'No data came back.');
    return data;
  }

  /**
   * Gives a command: `command('submitApplication', { applicationId }, 'application { status }')`.
   * @returns the payload, with the problems when it was refused
   * @throws Error when the request as a whole failed, for example because the role does not allow the command
   */
  async command(
    name: string,
    input: Fields,
    selection = '',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Outcome> {
    const inputType = `${inputTypes[name] ?? name.charAt(0).toUpperCase() + name.slice(1)}Input`;
    const query = `mutation ($input: ${inputType}!) { ${name}(input: $input) { errors { code message path } ${selection} } }`;
    const { data, errors } = await this.request(query, { input }, headers);
    if (errors.length > 0 || !data) {
      throw new PortalRefusal(errors[0]?.message ?? 'No data came back.', String(errors[0]?.extensions?.code));
    }
    const payload = data[name] as Fields & { errors: readonly ReportedProblem[] };
    return { errors: payload.errors, payload };
  }

  /** Gives a command that must be accepted. @throws Error with the problems when it is not */
  async must(
    name: string,
    input: Fields,
    selection = '',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Fields> {
    const { errors, payload } = await this.command(name, input, selection, headers);
    if (errors.length === 0) return payload;
    throw new Error(`${name} was refused: ${errors.map(({ code, message }) => `${code} ${message}`).join('; ')}`);
  }
}

/** A GraphQL error, with its code. */
export class PortalRefusal extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.name = 'PortalRefusal';
    this.code = code;
  }
}

/** Inputs that several commands share, so their names do not follow from the command's. */
const inputTypes: Readonly<Record<string, string>> = {
  putDirectiveInForce: 'DirectiveCommand',
  ratifyHalt: 'DirectiveCommand',
  confirmWave: 'WaveCommand',
  confirmRestoration: 'RestorationCommand',
  confirmReleaseStatus: 'ReleaseStatus',
  declineReleaseStatus: 'ReleaseStatus',
  submitApplication: 'ApplicationCommand',
  startReview: 'ApplicationCommand',
  startAmendment: 'ApplicationCommand',
  claimApplication: 'ApplicationCommand',
  releaseApplication: 'ApplicationCommand',
  advanceStage: 'ApplicationCommand',
  returnForCorrection: 'ReasonedApplication',
  returnWithoutAction: 'ReasonedApplication',
  moveApplicationsToProgramVersion: 'MoveApplications',
  acknowledgeProvisioning: 'GrantCommand',
  acknowledgeDeprovisioning: 'GrantCommand',
  suspendGrant: 'ReasonedGrantCommand',
  revokeGrant: 'ReasonedGrantCommand',
};

/** The text at a path of an answer. @throws Error when there is none */
export function textAt(answer: unknown, ...path: readonly (string | number)[]): string {
  const value = valueAt(answer, ...path);
  if (typeof value === 'string') return value;
  throw new Error(`The answer holds no text at ${path.join('.')}: ${JSON.stringify(answer)}`);
}

/** Whatever is at a path of an answer; undefined when nothing is. */
export function valueAt(answer: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
    answer,
  );
}
