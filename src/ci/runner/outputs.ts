/** What later steps of a job may read. Never content of manifests or of the server: counts, ids, addresses. */
export interface CiOutputs {
  readonly outcome: "clean" | "changes" | "applied" | "held" | "invalid" | "refused" | "drift" | "nothing";
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly prune: number;
  readonly hold: number;
  readonly unexplained: number;
  readonly unreviewed: number;
  readonly "plan-digest": string;
  readonly tree: string;
  readonly revision: string;
  readonly "comment-url": string;
  readonly "report-path": string;
}

/** For the file that the runner names: a heredoc each, whose end nobody can guess. */
export function outputsText(outputs: CiOutputs, token: () => string): string {
  return Object.entries(outputs)
    .map(([name, value]) => {
      const end = token();
      return `${name}<<${end}\n${String(value)}\n${end}\n`;
    })
    .join("");
}

export const NO_OUTPUTS: CiOutputs = {
  outcome: "nothing",
  create: 0,
  update: 0,
  replace: 0,
  prune: 0,
  hold: 0,
  unexplained: 0,
  unreviewed: 0,
  "plan-digest": "",
  tree: "",
  revision: "",
  "comment-url": "",
  "report-path": "",
};
