import type { SetUp } from "./runtime.ts";

/** Every controller of the operator. */
export const setUp: SetUp = () => undefined;
