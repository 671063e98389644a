/** What is worked on first when there is more than can be done at once. */
export const PRIORITY = {
  /** Somebody waits for it. */
  edit: 100,
  secretChange: 60,
  dependencyReady: 50,
  serverBack: 40,
  retry: 20,
  resync: 10,
  startUp: 0,
} as const;
