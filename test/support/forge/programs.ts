import { goProgram, type GoModule } from "../go-program.ts";

const FOLDER = "test/forge";

const ROWS = {
  gitea: {
    folder: FOLDER,
    packages: { gitea: "code.gitea.io/gitea" },
    flags: ["-tags", "sqlite sqlite_unlock_notify"],
    // SQLite is C.
    env: { CGO_ENABLED: "1" },
  },
  actionlint: { folder: FOLDER, packages: { actionlint: "github.com/rhysd/actionlint/cmd/actionlint" } },
} as const satisfies Readonly<Record<string, GoModule>>;

export const forgePrograms = Object.keys(ROWS) as readonly (keyof typeof ROWS)[];

/** The path of a program that tests of forges and workflows use, built from a pinned Go module where it is not there. */
export async function forgeProgram(name: keyof typeof ROWS): Promise<string> {
  return goProgram(ROWS[name], name);
}
