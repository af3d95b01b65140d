// The partner API of KIM for TypeScript: typed by the contract, signed in by private_key_jwt, with repeats that
// are safe and bounded. Needs nothing but fetch and WebCrypto, so it runs in Node 20, Deno, Bun and browsers.
import createClient, { type Client } from "openapi-fetch";
import { assertion, signingKey } from "./assertion.js";
import type { components, paths } from "./contract.js";

export type { components, operations, paths } from "./contract.js";
export type Problem = components["schemas"]["Problem"];
export type Kim = Client<paths>;

export interface Options {
  baseUrl: string;
  clientId: string;
  /** PKCS #8 as PEM, on P-256. */
  privateKey: string;
  /** As the registration of the key named it. */
  kid: string;
  /** How the server calls itself, where one reaches it by another way. */
  publicUrl?: string;
  /** Attempts of one call, and seconds of waiting altogether. */
  attempts?: number;
  seconds?: number;
  /** Seconds for each attempt. */
  timeout?: number;
  /** For tests. */
  sleep?: (seconds: number) => Promise<void>;
}

/** Nobody gave a token: the credential is unknown, revoked or has ended. */
export class NotSignedIn extends Error {
  constructor(readonly status: number) {
    super(`no token: ${status}`);
  }
}

const TO_REPEAT = new Set([429, 502, 503, 504]);
const THIS_MACHINE = new Set(["127.0.0.1", "[::1]", "localhost"]);
const RENEW_BEFORE = 60_000;
const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** The header that a POST needs: with a key of your own, the same effect is found however often it is sent. */
export function once(key: string = crypto.randomUUID()): { "idempotency-key": string } {
  return { "idempotency-key": key };
}

/** Return a client whose calls carry a token that is renewed in time; https, except on this machine. */
export function connect(options: Options): Kim {
  const { protocol, hostname } = new URL(options.baseUrl);
  if (protocol !== "https:" && !THIS_MACHINE.has(hostname)) {
    throw new Error("an address begins with https: credentials and packages go there");
  }
  const tokens = new Tokens(options);
  const send = async (request: Request): Promise<Response> => {
    const answer = await withToken(request, await tokens.current(), options);
    if (answer.status !== 401) return answer;
    tokens.forget();
    return withToken(request, await tokens.current(), options);
  };
  return createClient<paths>({
    baseUrl: options.baseUrl,
    fetch: (request) => repeated(options, isSafe(request), () => send(request)),
  });
}

/** A GET changes nothing, and what carries a key is done once. */
function isSafe(request: Request): boolean {
  return request.method === "GET" || request.headers.has("idempotency-key");
}

async function withToken(request: Request, token: string, options: Options): Promise<Response> {
  const again = request.clone();
  again.headers.set("authorization", `Bearer ${token}`);
  return fetch(again, bounded(options));
}

/** In time, and to nobody else: what is signed or secret does not follow a redirect. */
const bounded = ({ timeout = 30 }: Options): { signal: AbortSignal; redirect: "error" } => ({
  redirect: "error",
  signal: AbortSignal.timeout(timeout * 1000),
});

/** What fetch says when nobody answers, or not in time. */
const isNoAnswer = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof DOMException && error.name === "TimeoutError");

async function repeated(
  { attempts = 5, seconds = 60, sleep = really }: Options,
  isSafeToRepeat: boolean,
  attempt: () => Promise<Response>,
): Promise<Response> {
  let waited = 0;
  for (let count = 1; ; count += 1) {
    let answer: Response | undefined;
    let failure: unknown;
    try {
      answer = await attempt();
      if (!TO_REPEAT.has(answer.status)) return answer;
    } catch (error) {
      if (!isNoAnswer(error)) throw error;
      failure = error;
    }
    const asked = Number(answer?.headers.get("retry-after") ?? Number.NaN);
    const pause = (Number.isNaN(asked) ? 2 ** (count - 2) : asked) + Math.random() / 2;
    if (!isSafeToRepeat || count >= attempts || waited + pause > seconds) {
      if (answer) return answer;
      throw failure;
    }
    waited += pause;
    await sleep(pause);
  }
}

const really = (seconds: number): Promise<void> =>
  new Promise((done) => {
    setTimeout(done, seconds * 1000);
  });

class Tokens {
  #value = "";
  #renewAt = 0;
  #key: Promise<CryptoKey> | undefined;
  #underWay: Promise<string> | undefined;

  constructor(readonly options: Options) {}

  async current(): Promise<string> {
    if (Date.now() < this.#renewAt) return this.#value;
    this.#underWay ??= this.#fetched().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  forget(): void {
    this.#renewAt = 0;
  }

  async #fetched(): Promise<string> {
    const { baseUrl, clientId, kid, privateKey, publicUrl = baseUrl } = this.options;
    this.#key ??= signingKey(privateKey);
    const began = Date.now();
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_assertion_type: JWT_BEARER,
      client_assertion: await assertion(await this.#key, { clientId, kid, audience: publicUrl }),
    });
    const asking = { method: "POST", body: form, ...bounded(this.options) };
    const answer = await fetch(`${baseUrl}/v1/oauth/token`, asking);
    if (TO_REPEAT.has(answer.status)) throw new TypeError(`no token yet: ${answer.status}`);
    if (!answer.ok) throw new NotSignedIn(answer.status);
    const given = (await answer.json()) as components["schemas"]["TokenRead"];
    const lasts = given.expires_in * 1000;
    this.#renewAt = began + lasts - Math.min(RENEW_BEFORE, lasts / 5);
    this.#value = given.access_token;
    return this.#value;
  }
}
