import type { Dispatcher } from "undici";

/**
 * Asks whether a write may be sent when the connection for it stands, right before its first byte: between a decision
 * and that moment a process may have been frozen for long. Where it may not, nothing is sent and the request fails.
 */
export function writeFence(mayWrite: () => boolean): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, READS.has(options.method) ? handler : fencedHandler(handler, mayWrite));
}

const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

function fencedHandler(handler: Dispatcher.DispatchHandler, mayWrite: () => boolean): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => {
      if (!mayWrite()) throw new Error("this process may not write any more, so nothing was sent");
      handler.onRequestStart?.(controller, context);
    },
    onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
    onResponseStarted: () => handler.onResponseStarted?.(),
    onResponseStart: (...args) => handler.onResponseStart?.(...args),
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
    onBodySent: (chunk) => handler.onBodySent?.(chunk),
    onRequestSent: () => handler.onRequestSent?.(),
  };
}
