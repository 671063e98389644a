type Say = (message: string, error: unknown) => void;

const AGAIN_MS = 60_000;
const MOST_REMEMBERED = 1_000;

/** Passes on what is said; the same about the same once a minute only, however often it happens. */
export function seldom(say: Say, now: () => number = () => performance.now()): Say {
  const said = new Map<string, number>();
  return (message, error) => {
    const key = JSON.stringify([message, error instanceof Error ? error.message : String(error)]);
    const at = now();
    if (at - (said.get(key) ?? -AGAIN_MS) < AGAIN_MS) return;
    if (said.size >= MOST_REMEMBERED) said.clear();
    said.set(key, at);
    say(message, error);
  };
}
