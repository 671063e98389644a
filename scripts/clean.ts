import { mkdir, rm, writeFile } from "node:fs/promises";

// A file that was renamed in src must not live on in dist.
const dist = new URL("../dist/", import.meta.url);
await rm(dist, { recursive: true, force: true });

// npx runs this file through a link that it made once, so the compiler must find it executable; it keeps the mode.
await mkdir(dist);
await writeFile(new URL("bin.js", dist), "", { mode: 0o755 });
