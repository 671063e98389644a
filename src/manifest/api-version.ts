/** Group and version of every manifest. */
export const API_VERSION = "llmstack.ai/v1alpha1";
