const END = 0x06_05_4b_50;
const MEMBER = 0x02_01_4b_50;
const END_SIZE = 22;
const MEMBER_SIZE = 46;

/** Names of the files in a zip archive, folders left out; undefined for bytes that are none. */
export function zipNames(bytes: Buffer): readonly string[] | undefined {
  const end = findEnd(bytes);
  if (end === undefined) return undefined;
  const names: string[] = [];
  let offset = bytes.readUInt32LE(end + 16);
  while (offset + MEMBER_SIZE <= end && bytes.readUInt32LE(offset) === MEMBER) {
    const nameLength = bytes.readUInt16LE(offset + 28);
    names.push(bytes.toString("utf8", offset + MEMBER_SIZE, offset + MEMBER_SIZE + nameLength));
    offset += MEMBER_SIZE + nameLength + bytes.readUInt16LE(offset + 30) + bytes.readUInt16LE(offset + 32);
  }
  return names.filter((name) => !name.endsWith("/"));
}

/** The directory's end is at the end, before a comment of any length. */
function findEnd(bytes: Buffer): number | undefined {
  for (let offset = bytes.length - END_SIZE; offset >= 0; offset -= 1) {
    if (bytes.readUInt32LE(offset) === END) return offset;
  }
  return undefined;
}
