/** Everything that reading from Git depends on beside the address. */
export interface GitSetup {
  readonly credentials: GitCredentials;
  /** PEM file of the authorities to trust, in place of the system's. */
  readonly caFile?: string;
  /** Of each conversation with the remote. */
  readonly timeoutMs: number;
  readonly limits: GitLimits;
  /** Folder for stores; `off` where nothing is kept. */
  readonly cacheDirectory: string;
  readonly verify?: GitVerify;
  /** Rules in place of what the folder's own .llmstackignore says; empty for none. */
  readonly ignoreRules?: string;
  /** A person's own git configuration, agent and credential helpers are used; a daemon gets only what stands here. */
  readonly user: "person" | "daemon";
  readonly http: "refused" | "allowed";
  /** The process's environment: PATH and proxies are taken from it, for a person HOME and the agent too. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface GitCredentials {
  /** Sent to the host of the address and to no other. */
  readonly token?: string;
  /** Default: `x-access-token`, which forges take. */
  readonly username?: string;
  readonly sshKeyFile?: string;
  readonly knownHostsFile?: string;
  /** Tells stores of one address apart where it is not the token that does: a Secret's namespace and name, say. */
  readonly identity?: string;
}

export interface GitLimits {
  readonly files: number;
  readonly bytes: number;
}

export interface GitVerify {
  readonly what: "commit" | "tag" | "both";
  /** OpenPGP keys, SSH public keys or allowed-signers files. */
  readonly keys: readonly GitKeyFile[];
}

export interface GitKeyFile {
  /** For messages. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export const DEFAULT_LIMITS: GitLimits = { files: 100_000, bytes: 256 * 1024 * 1024 };

export const DEFAULT_TIMEOUT_MS = 60_000;
