/**
 * What to do about a problem, in the words of whoever meets it: flags on the command line, fields and annotations of
 * custom resources in a cluster. Hints that are the same for all are written where the problem is found.
 */
export interface Hint {
  readonly remedy: string;
  /** For who uses kubectl. */
  readonly inCluster?: string;
  /** For manifests that a GitSync follows, which obey no `policies`; absent where it is as in a cluster. */
  readonly fromGit?: string;
}

/** Who is told. */
export type Told = "command-line" | "cluster" | "git-sync";

export function hintFor({ remedy, inCluster, fromGit }: Partial<Hint>, told: Told): string | undefined {
  if (told === "command-line") return remedy;
  return (told === "git-sync" ? fromGit : undefined) ?? inCluster ?? remedy;
}

const TOKEN_PAGE = "LLMStack shows the token on its settings page.";

/** Every hint that differs with who is told. */
export const HINTS = {
  // What the engine holds.
  adopt: {
    remedy: "Pass --adopt to manage it from now on, or give the manifest another name to make a second one.",
    inCluster:
      "Say `policies: { adopt: Match }` to manage it from now on, or give the manifest another name to make a second one.",
    fromGit: "Name it with spec.uuid to manage it from now on, or give the manifest another name to make a second one.",
  },
  replace: {
    remedy: "Pass --allow-replace to do that, or undo the change in the manifest.",
    inCluster: "Say `policies: { replace: Allow }` to do that, or undo the change in the manifest.",
    fromGit: "Undo the change in the manifest, or delete the object on the server: it is made anew then.",
  },
  finishReplace: {
    remedy: "Pass --allow-replace to delete it, or take spec.uuid out to keep both.",
    inCluster: "Say `policies: { replace: Allow }` to delete it, or take spec.uuid out to keep both.",
    fromGit: "Delete it by hand, or take spec.uuid out to keep both.",
  },
  discardDraft: {
    remedy:
      "Publish or undo it in LLMStack's editor and put what it holds into the manifest, or pass --discard-drafts to overwrite it.",
    inCluster:
      "Publish or undo it in LLMStack's editor and put what it holds into the manifest, or say `policies: { drafts: Discard }` to overwrite it.",
    fromGit: "Publish or undo it in LLMStack's editor and put what it holds into the manifest.",
  },
  nothingWanted: {
    remedy: "Check the paths, or pass --allow-empty if nothing is what you want.",
    inCluster: "Check spec.git.path. To delete everything, delete it one after the other, or from the command line.",
  },
  // The way to a server.
  address: {
    remedy: "For example: --server http://127.0.0.1:3000",
    inCluster: "Write it into spec.url of the Server, as in https://llmstack.example.com",
  },
  addressWithPassword: {
    remedy: "Leave them out: LLMStack takes a token (LLMSTACK_TOKEN).",
    inCluster: "Leave them out: LLMStack takes a token, from the Secret of spec.tokenSecretRef.",
  },
  noToken: {
    remedy: `Set LLMSTACK_TOKEN or --token-file: ${TOKEN_PAGE}`,
    inCluster: `Put it into the Secret of the Server's spec.tokenSecretRef: ${TOKEN_PAGE}`,
  },
  badToken: {
    remedy: `Check LLMSTACK_TOKEN or --token-file: ${TOKEN_PAGE}`,
    inCluster: `Put a valid one into the Secret of the Server's spec.tokenSecretRef: ${TOKEN_PAGE}`,
  },
  oddToken: {
    remedy: "Check LLMSTACK_TOKEN or the file of --token-file: it should hold the token and nothing else.",
    inCluster: "The key of the Secret in the Server's spec.tokenSecretRef should hold the token and nothing else.",
  },
  hostName: {
    remedy: "--host-header takes a name and, where it needs one, a port: llmstack.example.com",
    inCluster: "spec.hostHeader of the Server takes a name and, where it needs one, a port: llmstack.example.com",
  },
  allowedHosts: {
    remedy:
      "Send a name of the server's ALLOWED_HOSTS with --host-header; LLMStack takes at most 25 MiB in one request.",
    inCluster:
      "Name one of the server's ALLOWED_HOSTS in spec.hostHeader of the Server; LLMStack takes at most 25 MiB in one request.",
  },
  authorities: {
    remedy: "--ca-file takes PEM text: -----BEGIN CERTIFICATE----- and so on.",
    inCluster:
      "The key of spec.caSecretRef or spec.caConfigMapRef of the Server holds PEM text: -----BEGIN CERTIFICATE----- and so on.",
  },
  unknownAuthority: {
    remedy:
      "Name the authority that signed the server's certificate with --ca-file, or use the host name it was made for.",
    inCluster:
      "Name the authority that signed the server's certificate in spec.caSecretRef or spec.caConfigMapRef of the Server, or use the host name it was made for.",
  },
  slowConnection: {
    remedy: "Check the address, firewalls and proxies (HTTPS_PROXY, NO_PROXY), or allow more with --timeout.",
    inCluster:
      "Check the address, network policies and proxies (HTTPS_PROXY, NO_PROXY of the operator), or allow more in spec.timeout of the Server.",
  },
  brokenAnswer: {
    remedy: "Try again; if it stays, look at the server's log, proxies, and --timeout.",
    inCluster: "It is tried again; if it stays, look at the server's log, proxies, and spec.timeout of the Server.",
  },
  dialect: {
    remedy: "Check the dialect (--dialect) against the server's version. Nothing of the answer was used.",
    inCluster: "Check spec.dialect of the Server against the server's version. Nothing of the answer was used.",
  },
  noRoute: {
    remedy: "Check that the address is the server's root (without /api), and that --dialect fits the server's version.",
    inCluster:
      "Check that spec.url of the Server is the server's root (without /api), and that spec.dialect fits the server's version.",
  },
  lostMark: {
    remedy: "Check the dialect (--dialect); without its mark the next run takes it for somebody else's.",
    inCluster: "Check spec.dialect of the Server; without its mark the next look takes it for somebody else's.",
  },
  tooMany: {
    remedy: "Run again later, or ask for less at a time with --parallelism.",
    inCluster: "It is tried again later; spec.parallelism of the Server has less asked at a time.",
  },
  // A run.
  again: {
    remedy: "Run the same command again: it looks first and then does what is missing.",
    inCluster: "It is tried again by itself: it looks first and then does what is missing.",
  },
  newPlan: {
    remedy: "Make a new plan, look at it, and apply that.",
    inCluster: "It is looked at again by itself.",
  },
  slowEntry: {
    remedy: "Give it more time with --entry-timeout, or look at the server's workers; the next run goes on from here.",
    inCluster: "Look at the server's workers if it stays so; the next look goes on from here.",
  },
  seeLog: {
    remedy: "Look at the server's log, then run again.",
    inCluster: "Look at the server's log if it stays so: it is tried again by itself.",
  },
  seeLogOfWrite: {
    remedy: "Look at the server's log, then run again: what landed is found by its mark.",
    inCluster: "Look at the server's log if it stays so: what landed is found by its mark at the next look.",
  },
  seeProxies: {
    remedy: "Look at the server's log and at proxies before it, then run this again.",
    inCluster: "Look at the server's log and at proxies before it; it is tried again by itself.",
  },
  correct: {
    remedy: "Correct what the answer names, then run again.",
    inCluster: "Correct in the manifest what the answer names.",
  },
  // A repository.
  gitHost: {
    remedy: "The host's key is not known: add it to known_hosts after checking it, or pass --git-known-hosts FILE.",
    inCluster:
      "The host's key is not known: put it, after checking it, under known_hosts into the Secret of spec.git.secretRef.",
  },
  gitCredentials: {
    remedy: "Set LLMSTACK_GIT_TOKEN or pass --git-token-file FILE; for ssh --git-ssh-key FILE, or a key in your agent.",
    inCluster: "Put username and password (a token), for ssh identity, into the Secret of spec.git.secretRef.",
  },
  gitAuthority: {
    remedy: "The server's certificate was not accepted: pass --git-ca FILE with the authority's certificate.",
    inCluster:
      "The server's certificate was not accepted: put the authority's under ca.crt into the Secret of spec.git.secretRef.",
  },
  gitNetwork: {
    remedy: "Check address and network, then run it again.",
    inCluster: "Check address, network and network policies; it is tried again by itself.",
  },
  gitStore: {
    remedy: "Run it again, or clear the store: doctor --clear-git-cache.",
    inCluster: "It is tried again by itself; a pod that is started anew begins with an empty store.",
  },
  gitStoreBusy: {
    remedy: "Wait until it has ended, or pass --git-cache off.",
    inCluster: "It is tried again by itself.",
  },
  gitStoreFolder: {
    remedy: "Pass --git-cache DIR with a folder of your own, or --git-cache off.",
    inCluster: "Mount a volume that the operator may write to as its cache folder.",
  },
  gitSigners: {
    remedy: "Nothing was read. Have it signed by one of --git-keys, or add the signer's key there if you trust it.",
    inCluster:
      "Nothing was read. Have it signed by one of the keys in the Secret of spec.git.verify.secretRef, or add the signer's key there if you trust it.",
  },
  gitTooMuch: {
    remedy: "Name the folder of the manifests after //, or raise --git-max-files or --git-max-bytes.",
    inCluster: "Name the folder of the manifests in spec.git.path.",
  },
  gitFolder: {
    remedy: "Name a folder or a file of that commit after //.",
    inCluster: "Name a folder or a file of that commit in spec.git.path.",
  },
} as const satisfies Readonly<Record<string, Hint>>;

/** Something else has to be done before it is tried again. */
export function againAfter(step: string): Hint {
  return { remedy: `${step} ${HINTS.again.remedy}`, inCluster: `${step} ${HINTS.again.inCluster}` };
}

export function deleteOrAdopt(uuid: string): Hint {
  return {
    remedy: `Delete ${uuid} by hand, or apply its manifest with --adopt first.`,
    inCluster: `Delete ${uuid} by hand, or apply its manifest with \`policies: { adopt: Match }\` first.`,
  };
}

export function takeOver(set: string): Hint {
  return {
    remedy: `Pass --take-over ${set} (or annotate llmstack.ai/take-over: ${set}) to move it into this set, or run with --set ${set}.`,
    inCluster: `Annotate llmstack.ai/take-over: ${set} to move it into this set, or say spec.set: ${set} where the server is named.`,
    fromGit: `Annotate its manifest with llmstack.ai/take-over: ${set} to move it into this set, or say spec.set: ${set} in the GitSync.`,
  };
}

export function formerSet(set: string): Hint {
  const accept = `Its mark cannot change: state spec.formerSets: [${set}] to accept it as it is`;
  return {
    remedy: `${accept}, or run with --set ${set}.`,
    inCluster: `${accept}, or say spec.set: ${set} where the server is named.`,
    fromGit: `${accept}, or say spec.set: ${set} in the GitSync.`,
  };
}

/** So many deletes would have to be allowed. */
export function deleteMore(needed: number): Required<Pick<Hint, "remedy" | "inCluster">> {
  return {
    remedy: `If that is what you want, pass --max-deletes ${needed}.`,
    inCluster: `If that is what you want, say spec.maxDeletes: ${needed}.`,
  };
}

/** A note on what no manifest names, and is left. */
export function wouldPrune(left: string, count: number): { readonly message: string; readonly inCluster: string } {
  const them = count === 1 ? "it" : "them";
  return {
    message: `${left}; --prune would delete ${them}.`,
    inCluster: `${left}; spec.prune: true would delete ${them}.`,
  };
}

/** What it needs stands in no plan that this run makes. */
export function selectToo(needs: string): Hint {
  return {
    remedy: `Select ${needs} too: --only takes several globs.`,
    inCluster: `See ${needs}: this follows by itself as soon as that is on the server.`,
  };
}

export function movedServer(origin: string): Hint {
  const unsent = "The token was not sent there. If that is the server,";
  return {
    remedy: `${unsent} name its address: --server ${origin}`,
    inCluster: `${unsent} write its address into spec.url of the Server: ${origin}`,
  };
}

export function unknownServer(dialects: string): Hint {
  const known = `This version of llmstack-sync speaks: ${dialects}. Check the server's address, or name a dialect`;
  return { remedy: `${known} with --dialect.`, inCluster: `${known} in spec.dialect of the Server.` };
}

export function unknownDialect(dialects: string): Hint {
  return {
    remedy: `Known: ${dialects}. Without --dialect it is found out from the server.`,
    inCluster: `Known: ${dialects}. Without spec.dialect it is found out from the server.`,
  };
}

export function lostAnswer(effect: "none" | "write", more: string): Hint {
  const again = effect === "write" ? "The server may or may not have done it." : "";
  return {
    remedy: `${effect === "write" ? `${again} Run it again` : "Try again"}; if it stays, check the server's log, proxies, and --timeout.${more}`,
    inCluster:
      `${again} It is looked at again; if it stays, check the server's log, proxies, and spec.timeout of the Server.${more}`.trim(),
  };
}
