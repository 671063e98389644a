const CREDENTIAL = /^(?:.*[-_])?(?:api[-_]?keys?|tokens?|secrets?|passwords?|authorization|credentials?)$/iu;

/** Language models count in tokens: `max_tokens` and its like are numbers. */
const COUNT = /^(?:.*[-_])?(?:max|min|num|total)[-_](?:.*[-_])?tokens$/iu;

/** True for a key that credentials go by wherever it stands: `api_key`, `bot_token`, `X-Api-Key`, not `max_tokens`. */
export function isSecretName(name: string): boolean {
  return CREDENTIAL.test(name) && !COUNT.test(name);
}
