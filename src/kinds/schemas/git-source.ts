import type { JsonObject } from "../../model/json.ts";

const secretName: JsonObject = {
  type: "string",
  minLength: 1,
  maxLength: 253,
  description: "metadata.name of the Secret, in this namespace.",
};

const secretRef = (description: string): JsonObject => ({
  type: "object",
  additionalProperties: false,
  required: ["name"],
  description,
  properties: { name: secretName },
});

const named = (description: string, rules: JsonObject = {}): JsonObject => ({
  type: "string",
  minLength: 1,
  maxLength: 244,
  ...rules,
  description,
});

const ref: JsonObject = {
  type: "object",
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  description: "Which revision to follow, exactly one of these. Default: the repository's own default branch.",
  properties: {
    branch: named("A branch. Example: main."),
    tag: named("A tag. Example: v1.2.0."),
    semver: named("The newest tag in a range of versions. Example: '>=1.2.0 <2.0.0'."),
    name: named("A full ref name. Example: refs/heads/main.", { pattern: "^refs/" }),
    commit: named("One commit, by its whole id; nothing is followed then.", {
      pattern: "^([0-9a-f]{40}|[0-9a-f]{64})$",
    }),
  },
};

const verify: JsonObject = {
  type: "object",
  additionalProperties: false,
  required: ["mode", "secretRef"],
  description: "Whose signature a revision must carry. Default: none is asked for.",
  properties: {
    mode: {
      type: "string",
      enum: ["commit", "tag", "both"],
      description: "What must be signed: the commit, the tag that is followed, or both.",
    },
    secretRef: secretRef(
      "A Secret with the keys to trust: OpenPGP public keys under names that end in .asc, SSH public keys under names that end in .pub.",
    ),
  },
};

/** Where a GitSync reads its manifests. */
export const gitSource: JsonObject = {
  type: "object",
  additionalProperties: false,
  required: ["url"],
  description: "The repository, and which folder of which revision of it.",
  properties: {
    url: {
      type: "string",
      maxLength: 2048,
      pattern: "^(https?://[^/?#@\\s]+/\\S+|ssh://\\S+|[A-Za-z0-9_.-]+@[A-Za-z0-9.-]+:\\S+)$",
      description:
        "The address of the repository, without a password. Examples: https://git.example.com/team/bots.git, ssh://git@git.example.com/team/bots.git, git@git.example.com:team/bots.git.",
    },
    ref,
    path: {
      type: "string",
      maxLength: 1024,
      not: { pattern: "(^|/)\\.\\.(/|$)" },
      description: "The folder with the manifests, from the top of the repository. Default: the top. Example: envs/prod.",
    },
    secretRef: secretRef(
      "A Secret with the credentials: username and password (a token) for https, identity and known_hosts for ssh, ca.crt for a CA of one's own. Default: none.",
    ),
    verify,
  },
};
