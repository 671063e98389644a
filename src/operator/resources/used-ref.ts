/** A Secret or ConfigMap in the version that was used. Never a digest of what it holds. */
export interface UsedRef {
  readonly kind: "Secret" | "ConfigMap";
  readonly name: string;
  readonly resourceVersion: string;
}
