import type { Exchange, Sent } from "./exchange.ts";

/** One HTTP request and what came of it, for whoever counts them; never what was sent or answered. */
export interface Answered {
  readonly method: Sent["method"];
  /** Below the server's origin, as it was sent. */
  readonly path: string;
  /** 0 where no answer came. */
  readonly status: number;
  /** Until the head of the answer was there, or it was clear that there is none. */
  readonly seconds: number;
}

/** The same exchange, telling of each request once it is answered or broken off. */
export function observed(exchange: Exchange, onAnswer: (answered: Answered) => void): Exchange {
  return async (sent) => {
    const beganAt = performance.now();
    let status = 0;
    try {
      const answer = await exchange(sent);
      ({ status } = answer);
      return answer;
    } finally {
      const { method, url } = sent;
      onAnswer({ method, path: new URL(url).pathname, status, seconds: (performance.now() - beganAt) / 1000 });
    }
  };
}
