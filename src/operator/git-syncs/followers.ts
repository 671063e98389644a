import type { Following, Look } from "../../follow/pollers.ts";
import { Pollers } from "../../follow/pollers.ts";
import { ApiError } from "../../model/errors.ts";
import type { GitAddress } from "../../source/git/address.ts";
import { listRemote } from "../../source/git/remote.ts";
import type { RemoteRefs } from "../../source/git/remote-refs.ts";
import { accessKey, type WithGitAccess } from "./git-access.ts";
import type { GitSyncSpec } from "./git-sync-spec.ts";

/** One GitSync that is followed. */
interface Followed {
  /** What it was followed by: another spec is followed anew. */
  readonly identity: string;
  readonly url: string;
  readonly following: Following;
  look: Look<RemoteRefs> | undefined;
  /** The last word of a person to look now. */
  request: string | undefined;
}

interface Wanted {
  readonly spec: GitSyncSpec;
  readonly namespace: string;
  /** Another one than before asks for a look that is newer. */
  readonly request: string | undefined;
  onLook(): void;
}

const LEAST_GAP_MS = 2_000;
/** Where nothing is to be looked at by itself: webhooks and changes of the resource still wake. */
const NEVER_MS = 2 ** 31 - 1;

/** What every GitSync last saw of its repository; those who see one repository alike look together. */
export class Followers {
  readonly #withAccess: WithGitAccess;
  readonly #pollers: Pollers<GitAddress, RemoteRefs>;
  readonly #followed = new Map<string, Followed>();

  constructor(withAccess: WithGitAccess) {
    this.#withAccess = withAccess;
    this.#pollers = new Pollers({
      leastGapMs: LEAST_GAP_MS,
      random: () => Math.random(),
      retryAfterMs: (failure) => (failure instanceof ApiError ? failure.retryAfterMs : undefined),
    });
  }

  /** What was seen last; undefined before the look that is asked for, of which `onLook` tells as of every other one. */
  follow(uid: string, wanted: Wanted): Look<RemoteRefs> | undefined {
    const { spec, namespace, request } = wanted;
    const { address, intervalMs } = spec;
    const key = accessKey(spec, namespace);
    const identity = JSON.stringify([key, address, intervalMs]);
    const known = this.#followed.get(uid);
    if (known?.identity === identity) return lookFor(known, request);
    this.stop(uid);
    const following = this.#pollers.follow({
      key,
      subject: address,
      intervalMs: intervalMs === 0 ? NEVER_MS : intervalMs,
      look: (addresses, signal) =>
        this.#withAccess(spec, namespace, signal, (setup) => listRemote(addresses, setup, signal)),
      onLook: (look) => {
        const followed = this.#followed.get(uid);
        if (followed === undefined) return;
        followed.look = look;
        wanted.onLook();
      },
    });
    this.#followed.set(uid, { identity, url: address.url, following, look: undefined, request });
    return undefined;
  }

  /** Look now: somebody says that something was pushed, or asked for it. */
  wake(uid: string): void {
    this.#followed.get(uid)?.following.wake();
  }

  stop(uid: string): void {
    this.#followed.get(uid)?.following.stop();
    this.#followed.delete(uid);
  }

  /** Every repository that is followed, and by whom. */
  all(): readonly { readonly uid: string; readonly url: string }[] {
    return [...this.#followed].map(([uid, { url }]) => ({ uid, url }));
  }
}

function lookFor(followed: Followed, request: string | undefined): Look<RemoteRefs> | undefined {
  if (followed.request !== request) {
    followed.request = request;
    followed.look = undefined;
    followed.following.wake();
  }
  return followed.look;
}
