import { describe, expect, it } from "vitest";
import { isSecretName } from "../../src/model/secret-name.ts";

describe("isSecretName", () => {
  it.each(["api_key", "bot_token", "X-Api-Key", "Authorization", "password", "client_secret", "access_tokens"])(
    "%s holds a credential",
    (name) => {
      expect(isSecretName(name)).toBe(true);
    },
  );

  it.each(["max_tokens", "max_output_tokens", "min_new_tokens", "total_tokens", "tokenizer", "secretary", "keys"])(
    "%s holds none",
    (name) => {
      expect(isSecretName(name)).toBe(false);
    },
  );
});
