import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** True when both texts are equal, in a time that tells nothing of where they differ. */
export function isSameText(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right));
}

/** HMAC-SHA256 of the raw body in lower-case hex: GitHub, Gitea, Forgejo, Bitbucket. */
export function hexProof(secret: string, body: Uint8Array): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

/** HMAC-SHA256 of `id.timestamp.body` in base64: Standard Webhooks, and GitLab's signing tokens. */
export function standardProof(secret: string, id: string, timestamp: string, body: Uint8Array): string {
  return createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest("base64");
}

const STANDARD_PREFIX = "whsec_";

/** A secret in the form of Standard Webhooks is base64 behind its prefix; any other is taken as it is. */
function keyOf(secret: string): Buffer {
  return secret.startsWith(STANDARD_PREFIX)
    ? Buffer.from(secret.slice(STANDARD_PREFIX.length), "base64")
    : Buffer.from(secret);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
