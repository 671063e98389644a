import { forgeProgram, forgePrograms } from "../test/support/forge/programs.ts";
import { helmProgram } from "../test/support/helm.ts";
import { kubeProgram, kubePrograms } from "../test/support/kube/programs.ts";

/** Builds, or finds, every program of a pinned Go module that tests use, and says where each is. */
for (const name of kubePrograms) console.log(await kubeProgram(name));
console.log(await helmProgram());
for (const name of forgePrograms) console.log(await forgeProgram(name));
