import { generateKeyPairSync } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Who talks to the API server: `admin` may do everything, `operator` what the shipped roles allow its account. */
export type KubeUser = "admin" | "operator";

/** Where deploy/ puts the operator, and the account that its roles are bound to. */
export const OPERATOR_ACCOUNT = { namespace: "llmstack-sync", name: "llmstack-sync" } as const;

interface User {
  readonly token: string;
  readonly name: string;
  readonly groups: readonly string[];
}

const { namespace, name: account } = OPERATOR_ACCOUNT;

/** `operator` is the service account itself to the API server, so that roles are tested as they are shipped. */
export const USERS: Readonly<Record<KubeUser, User>> = {
  admin: { token: "admin-token", name: "admin", groups: ["system:masters"] },
  operator: {
    token: "operator-token",
    name: `system:serviceaccount:${namespace}:${account}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
  },
};

/** The operator takes the namespace of its context for its own. */
const HOME: Readonly<Record<KubeUser, string>> = { admin: "default", operator: OPERATOR_ACCOUNT.namespace };

export interface CredentialFiles {
  readonly tokens: string;
  readonly accountKey: string;
}

/** The token file and the key that service account tokens are signed with. */
export async function writeCredentials(folder: string): Promise<CredentialFiles> {
  const files = { tokens: join(folder, "tokens.csv"), accountKey: join(folder, "account.key") };
  const lines = Object.values(USERS).map(
    ({ token, name, groups }) => `${token},"${name}","${name}","${groups.join(",")}"\n`,
  );
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  await writeFile(files.tokens, lines.join(""), { mode: 0o600 });
  await writeFile(files.accountKey, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  return files;
}

/** A kubeconfig for somebody, as a file. */
export async function writeKubeconfig(
  folder: string,
  user: KubeUser,
  { url, caFile }: { readonly url: string; readonly caFile: string },
): Promise<string> {
  const path = join(folder, `${user}.kubeconfig`);
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server: url, "certificate-authority": caFile } }],
    users: [{ name: user, user: { token: USERS[user].token } }],
    contexts: [{ name: "test", context: { cluster: "test", user, namespace: HOME[user] } }],
    "current-context": "test",
  };
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}
