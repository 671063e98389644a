/** Gives each wanted name out once: the second asker gets `name-2`. `limit` is the longest that a name may be. */
export function uniqueNames(taken: Iterable<string> = [], limit = 200): (wanted: string, joiner?: string) => string {
  const used = new Set(taken);
  return (wanted, joiner = "-") => {
    let name = wanted.slice(0, limit);
    for (let count = 2; used.has(name); count += 1) {
      const suffix = `${joiner}${count}`;
      name = `${wanted.slice(0, limit - suffix.length)}${suffix}`;
    }
    used.add(name);
    return name;
  };
}
