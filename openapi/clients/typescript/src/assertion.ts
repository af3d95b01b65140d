// What a machine signs to get a token (RFC 7523): ES256 by WebCrypto, which gives the form that JWS asks for.

const P256 = { name: "ECDSA", namedCurve: "P-256" };
const ES256 = { name: "ECDSA", hash: "SHA-256" };
const GOOD_FOR = 60;

export interface Machine {
  clientId: string;
  kid: string;
  audience: string;
}

/** Read a private key from PEM; it cannot be taken out again. */
export async function signingKey(pem: string): Promise<CryptoKey> {
  const base64 = pem.replace(/-----[^-]+-----/g, "").replace(/\s/g, "");
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  return crypto.subtle.importKey("pkcs8", bytes, P256, false, ["sign"]);
}

/** Return an assertion that is good once, for a minute. */
export async function assertion(key: CryptoKey, { clientId, kid, audience }: Machine): Promise<string> {
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: audience,
    jti: crypto.randomUUID(),
    exp: Math.floor(Date.now() / 1000) + GOOD_FOR,
  };
  const text = `${json({ alg: "ES256", kid })}.${json(claims)}`;
  const signature = await crypto.subtle.sign(ES256, key, new TextEncoder().encode(text));
  return `${text}.${encoded(new Uint8Array(signature))}`;
}

const json = (said: object): string => encoded(new TextEncoder().encode(JSON.stringify(said)));

const encoded = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
