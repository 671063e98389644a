/** `{ [name]: value }`, or nothing where there is no value: what exactOptionalPropertyTypes asks for. */
export function given<Name extends string, T>(name: Name, value: T | undefined): { readonly [K in Name]?: T } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [K in Name]?: T };
}
