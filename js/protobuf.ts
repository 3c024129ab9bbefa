// Reading Protocol Buffers, as far as src/wire writes them: for what is loaded only where it is wanted.

/** Number of the field, its content, and all its bytes. */
export type Field = [number: number, content: Uint8Array, whole: Uint8Array];
const [VARINT, FIXED64, FIXED32] = [0, 1, 5];

export const fieldsOf = (bytes: Uint8Array): Field[] => {
  const fields: Field[] = [];
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const from = at;
    const tag = number();
    let start = at;
    if (tag % 8 === VARINT) number();
    else if (tag % 8 === FIXED64) at += 8;
    else if (tag % 8 === FIXED32) at += 4;
    else {
      const length = number();
      start = at;
      at += length;
    }
    fields.push([Math.floor(tag / 8), bytes.subarray(start, at), bytes.subarray(from, at)]);
  }
  return fields;
};

export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
export const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
export const integer = (bytes: Uint8Array): number => Number(BigInt.asIntN(64, bytes.reduceRight((value, byte) => value * 128n + BigInt(byte & 127), 0n)));
