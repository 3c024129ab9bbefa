// The payload of a beacon, by another decompressor than the agent's and the collector's: zlib, and the dictionary's file.

import { readFileSync } from 'node:fs';
import { constants, inflateRawSync } from 'node:zlib';

const MAGIC = 0x56;

/** By the second byte, as WIRE.md has them. */
const ENCODINGS = [
  (body) => body.subarray(2),
  (body, options) => inflateRawSync(body.subarray(2), options),
  (body, options) => inflateRawSync(body.subarray(3), { ...options, dictionary: dictionary(body[2]) }),
];

/** The bytes of a version. */
export const dictionary = (version) => readFileSync(`src/wire/dictionary/${version}.bin`);

/** Whether a body is a beacon. What the loader sends for a short visit is none. */
export const isFrame = (body) => body[0] === MAGIC;

/** All of it. */
export const payload = (body, options) => {
  const decode = isFrame(body) && ENCODINGS[body[1]];
  if (!decode) throw new Error(`this is no beacon: it begins with ${body.subarray(0, 2).toString('hex')}`);
  return decode(body, options);
};

/** Of one that was cut off, what there is. */
export const payloadSoFar = (body) => payload(body, { finishFlush: constants.Z_SYNC_FLUSH });
