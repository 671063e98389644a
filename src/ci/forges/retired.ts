/** What an outdated comment says on forges that cannot hide one. It has no marker, so it is never found again. */
export const RETIRED = "Outdated: the first comment of llmstack-sync on this page is kept up to date.\n";
