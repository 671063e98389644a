import { createHash, timingSafeEqual } from "node:crypto";

/** Checks an Authorization header as LLMStack does; the sentence it refuses with, or undefined when it is right. */
export type CheckToken = (header: string | null) => string | undefined;

const NOT_PROVIDED = "Authentication credentials were not provided.";

/** For `Authorization: Token <token>`, keyword in any case (llmstack-server.md 1.1). */
export function checkToken(token: string): CheckToken {
  const wanted = digest(token);
  return (header) => {
    const [keyword = "", given, ...rest] = (header ?? "").trim().split(/\s+/u);
    if (keyword.toLowerCase() !== "token") return NOT_PROVIDED;
    if (given === undefined) return "Invalid token header. No credentials provided.";
    if (rest.length > 0) return "Invalid token header. Token string should not contain spaces.";
    return timingSafeEqual(digest(given), wanted) ? undefined : "Invalid token.";
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
