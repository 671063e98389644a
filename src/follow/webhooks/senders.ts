import { hexProof, isSameText, standardProof } from "./proof.ts";

/** One request as its sender's row looks at it: header names in lower case, the body as it came. */
export interface Delivery {
  header(name: string): string | undefined;
  readonly body: Uint8Array;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** How one kind of forge proves that it is the sender. */
interface Sender {
  readonly name: string;
  /** True where the request carries this sender's kind of proof. */
  recognises(delivery: Delivery): boolean;
  isProven(delivery: Delivery, secret: string): boolean;
  /** The header that says which delivery it is, so that a repeated one is known. */
  readonly idHeaders: readonly string[];
}

/** Signed texts carry their time; older ones may be replays (Standard Webhooks). */
const LONGEST_AGE_MS = 5 * 60_000;

const signedHex = (header: string, prefix: "sha256=" | ""): Pick<Sender, "recognises" | "isProven"> => ({
  recognises: (delivery) => delivery.header(header) !== undefined,
  isProven: (delivery, secret) =>
    isSameText(`${prefix}${hexProof(secret, delivery.body)}`, delivery.header(header) ?? ""),
});

const signedStandard: Pick<Sender, "recognises" | "isProven"> = {
  recognises: (delivery) => delivery.header("webhook-signature") !== undefined,
  isProven: (delivery, secret) => {
    const id = delivery.header("webhook-id") ?? "";
    const timestamp = delivery.header("webhook-timestamp") ?? "";
    if (id === "" || !isRecent(timestamp, delivery.now)) return false;
    const wanted = standardProof(secret, id, timestamp, delivery.body);
    return (delivery.header("webhook-signature") ?? "").split(" ").some((text) => isSameText(`v1,${wanted}`, text));
  },
};

/** In this order: some forges send another one's headers beside their own, so the specific ones come first. */
const senders: readonly Sender[] = [
  { name: "GitLab or Standard Webhooks, signed", ...signedStandard, idHeaders: ["webhook-id"] },
  {
    name: "GitLab, by token",
    recognises: (delivery) => delivery.header("x-gitlab-token") !== undefined,
    isProven: (delivery, secret) => isSameText(secret, delivery.header("x-gitlab-token") ?? ""),
    idHeaders: ["x-gitlab-webhook-uuid", "x-gitlab-event-uuid"],
  },
  { name: "Forgejo", ...signedHex("x-forgejo-signature", ""), idHeaders: ["x-forgejo-delivery"] },
  { name: "Gitea", ...signedHex("x-gitea-signature", ""), idHeaders: ["x-gitea-delivery"] },
  {
    name: "Bitbucket",
    recognises: (delivery) =>
      delivery.header("x-event-key") !== undefined && delivery.header("x-hub-signature") !== undefined,
    isProven: signedHex("x-hub-signature", "sha256=").isProven,
    idHeaders: ["x-request-uuid", "x-request-id"],
  },
  { name: "GitHub", ...signedHex("x-hub-signature-256", "sha256="), idHeaders: ["x-github-delivery"] },
  { name: "generic HMAC", ...signedHex("x-signature", "sha256="), idHeaders: ["x-request-id"] },
];

/** The row that the request is judged by; undefined where it carries no proof that anybody knows. */
export function senderOf(delivery: Delivery): Sender | undefined {
  return senders.find((sender) => sender.recognises(delivery));
}

/** What names this delivery among all of its sender's; undefined where nothing does. */
export function deliveryId(sender: Sender, delivery: Delivery): string | undefined {
  const id = sender.idHeaders.map((name) => delivery.header(name)).find((value) => value !== undefined && value !== "");
  return id === undefined ? undefined : `${sender.name} ${id}`;
}

function isRecent(timestamp: string, now: number): boolean {
  return /^\d{1,12}$/u.test(timestamp) && Math.abs(now - Number(timestamp) * 1000) <= LONGEST_AGE_MS;
}
