/* The proof of work, away from the page's own thread: Argon2id (RFC 9106) over BLAKE2b (RFC 7693).
   A 64-bit word is two 32-bit integers, the low half first. */
"use strict";

const IV = new Int32Array([
  0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a,
  0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19,
]);
const ORDER = [
  "0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8", "905724afe1bc683d",
  "2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a", "6fe9b308c2d714a5", "a2847615fb9e3cd0",
  "0123456789abcdef", "ea489fd61c02b753",
].map((row) => [...row].map((digit) => 2 * parseInt(digit, 16)));
/* Columns, then diagonals, of the sixteen words that one round mixes. */
const QUARTERS = [
  [0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
  [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14],
];
const WORDS = 256;
const VERSION = 0x13;
const ARGON2ID = 2;

const carry = (x, y, sum) => ((x & y) | ((x | y) & ~sum)) >>> 31;

/* Upper half of the product of two unsigned halves. */
function high(x, y) {
  const xl = x & 0xffff, xh = x >>> 16, yl = y & 0xffff, yh = y >>> 16;
  const first = (Math.imul(xh, yl) + (Math.imul(xl, yl) >>> 16)) | 0;
  const second = (Math.imul(xl, yh) + (first & 0xffff)) | 0;
  return (Math.imul(xh, yh) + (first >>> 16) + (second >>> 16)) | 0;
}

function blakeQuarter(v, m, a, b, c, d, first, second) {
  for (const [at, turn, back] of [[first, 0, 24], [second, 16, 31]]) {
    let low = (v[a] + v[b]) | 0;
    let over = carry(v[a], v[b], low);
    const sum = (low + m[at]) | 0;
    over += carry(low, m[at], sum);
    v[a + 1] = v[a + 1] + v[b + 1] + m[at + 1] + over;
    v[a] = sum;
    let x = v[d] ^ v[a], y = v[d + 1] ^ v[a + 1];
    v[d] = turn ? (x >>> 16) | (y << 16) : y;
    v[d + 1] = turn ? (y >>> 16) | (x << 16) : x;
    low = (v[c] + v[d]) | 0;
    v[c + 1] = v[c + 1] + v[d + 1] + carry(v[c], v[d], low);
    v[c] = low;
    x = v[b] ^ v[c];
    y = v[b + 1] ^ v[c + 1];
    v[b] = back === 24 ? (x >>> 24) | (y << 8) : (x << 1) | (y >>> 31);
    v[b + 1] = back === 24 ? (y >>> 24) | (x << 8) : (y << 1) | (x >>> 31);
  }
}

/* BLAKE2b of the parts one after another; `size` bytes, at most 64. */
function blake2b(size, ...parts) {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const input = new Uint8Array(Math.max(1, Math.ceil(length / 128)) * 128);
  let filled = 0;
  for (const part of parts) {
    input.set(part, filled);
    filled += part.length;
  }
  const words = new Int32Array(input.buffer);
  const state = IV.slice();
  state[0] ^= 0x01010000 ^ size;
  const v = new Int32Array(32);
  for (let at = 0; at < words.length; at += 32) {
    const last = at + 32 === words.length;
    v.set(state);
    v.set(IV, 16);
    v[24] ^= last ? length : (at + 32) * 4;
    if (last) {
      v[28] = ~v[28];
      v[29] = ~v[29];
    }
    const m = words.subarray(at, at + 32);
    for (const order of ORDER) {
      QUARTERS.forEach(([a, b, c, d], n) => {
        blakeQuarter(v, m, 2 * a, 2 * b, 2 * c, 2 * d, order[2 * n], order[2 * n + 1]);
      });
    }
    for (let n = 0; n < 16; n++) state[n] ^= v[n] ^ v[n + 16];
  }
  return new Uint8Array(state.buffer).slice(0, size);
}

const littleEndian = (...numbers) => new Uint8Array(new Uint32Array(numbers).buffer);

/* H' of RFC 9106 §3.3: BLAKE2b of any length. */
function longHash(size, input) {
  if (size <= 64) return blake2b(size, littleEndian(size), input);
  const output = new Uint8Array(size);
  let block = blake2b(64, littleEndian(size), input);
  let at = 0;
  for (; size - at > 64; at += 32) {
    output.set(block.subarray(0, 32), at);
    block = blake2b(Math.min(64, size - at - 32), block);
  }
  output.set(block, at);
  return output;
}

/* One quarter of a round: BLAKE2b's, with a product in each sum (RFC 9106 §3.6). */
function quarter(v, a, b, c, d) {
  let al = v[a], ah = v[a + 1], bl = v[b], bh = v[b + 1], cl = v[c], ch = v[c + 1], dl = v[d], dh = v[d + 1];
  let p = Math.imul(al, bl), twice = p << 1, sum = (al + bl) | 0, low = (sum + twice) | 0, x = 0;
  ah = (ah + bh + ((high(al, bl) << 1) | (p >>> 31)) + carry(al, bl, sum) + carry(sum, twice, low)) | 0;
  al = low;
  x = dl ^ al;
  dl = dh ^ ah;
  dh = x;
  p = Math.imul(cl, dl); twice = p << 1; sum = (cl + dl) | 0; low = (sum + twice) | 0;
  ch = (ch + dh + ((high(cl, dl) << 1) | (p >>> 31)) + carry(cl, dl, sum) + carry(sum, twice, low)) | 0;
  cl = low;
  x = bl ^ cl;
  bh ^= ch;
  bl = (x >>> 24) | (bh << 8);
  bh = (bh >>> 24) | (x << 8);
  p = Math.imul(al, bl); twice = p << 1; sum = (al + bl) | 0; low = (sum + twice) | 0;
  ah = (ah + bh + ((high(al, bl) << 1) | (p >>> 31)) + carry(al, bl, sum) + carry(sum, twice, low)) | 0;
  al = low;
  x = dl ^ al;
  dh ^= ah;
  dl = (x >>> 16) | (dh << 16);
  dh = (dh >>> 16) | (x << 16);
  p = Math.imul(cl, dl); twice = p << 1; sum = (cl + dl) | 0; low = (sum + twice) | 0;
  ch = (ch + dh + ((high(cl, dl) << 1) | (p >>> 31)) + carry(cl, dl, sum) + carry(sum, twice, low)) | 0;
  cl = low;
  x = bl ^ cl;
  bh ^= ch;
  bl = (x << 1) | (bh >>> 31);
  bh = (bh << 1) | (x >>> 31);
  v[a] = al; v[a + 1] = ah; v[b] = bl; v[b + 1] = bh; v[c] = cl; v[c + 1] = ch; v[d] = dl; v[d + 1] = dh;
}

/* A round over sixteen words: pairs of neighbours, `step` apart. */
function round(v, at, step) {
  const b = at + 2 * step, c = at + 4 * step, d = at + 6 * step;
  quarter(v, at, b, c, d);
  quarter(v, at + 2, b + 2, c + 2, d + 2);
  quarter(v, at + step, b + step, c + step, d + step);
  quarter(v, at + step + 2, b + step + 2, c + step + 2, d + step + 2);
  quarter(v, at, b + 2, c + step, d + step + 2);
  quarter(v, at + 2, b + step, c + step + 2, d);
  quarter(v, at + step, b + step + 2, c, d + 2);
  quarter(v, at + step + 2, b, c + 2, d + step);
}

const mixed = new Int32Array(WORDS), before = new Int32Array(WORDS);

/* G of two blocks, into a third one; from the second pass on over what stood there. */
function compress(memory, x, y, target, over) {
  for (let n = 0; n < WORDS; n++) {
    const word = memory[x + n] ^ memory[y + n];
    mixed[n] = word;
    before[n] = over ? word ^ memory[target + n] : word;
  }
  for (let row = 0; row < WORDS; row += 32) round(mixed, row, 4);
  for (let column = 0; column < 32; column += 4) round(mixed, column, 32);
  for (let n = 0; n < WORDS; n++) memory[target + n] = mixed[n] ^ before[n];
}

/* The pseudo-random words of a segment that don't depend on the password: 128 for each block of addresses. */
function addresses(place, counter) {
  const scratch = new Int32Array(3 * WORDS);
  [...place, counter].forEach((number, n) => {
    scratch[2 * n] = number;
  });
  compress(scratch, WORDS, 0, 2 * WORDS, false);
  compress(scratch, WORDS, 2 * WORDS, 0, false);
  return scratch.subarray(0, WORDS);
}

/* Fills one segment of a lane (RFC 9106 §3.4). */
function fillSegment(memory, shape, pass, slice, lane) {
  const { lanes, laneLength, segment, passes } = shape;
  const independent = pass === 0 && slice < 2;
  const place = [pass, lane, slice, lanes * laneLength, passes, ARGON2ID];
  let words = null;
  for (let n = pass === 0 && slice === 0 ? 2 : 0; n < segment; n++) {
    if (independent && (words === null || n % 128 === 0)) words = addresses(place, (n >>> 7) + 1);
    const column = slice * segment + n;
    const row = lane * laneLength;
    const previous = (row + (column || laneLength) - 1) * WORDS;
    const j1 = independent ? words[2 * (n % 128)] : memory[previous];
    const j2 = independent ? words[2 * (n % 128) + 1] : memory[previous + 1];
    const other = pass === 0 && slice === 0 ? lane : (j2 >>> 0) % lanes;
    const known = pass === 0 ? slice * segment : laneLength - segment;
    const area = other === lane ? known + n - 1 : known - (n === 0 ? 1 : 0);
    const back = Math.floor((area * (high(j1, j1) >>> 0)) / 4294967296);
    const start = pass === 0 || slice === 3 ? 0 : (slice + 1) * segment;
    const reference = other * laneLength + ((start + area - 1 - back) % laneLength);
    compress(memory, previous, reference * WORDS, (row + column) * WORDS, pass > 0);
  }
}

let kept = new Int32Array(0);

/* The tag of Argon2id; `memory` in KiB, everything else in bytes. */
function argon2id({ password, salt, secret = [], data = [], passes, lanes, memory, size }) {
  const segment = Math.floor(memory / (4 * lanes));
  const laneLength = 4 * segment;
  const shape = { lanes, laneLength, segment, passes };
  const head = littleEndian(lanes, size, memory, passes, VERSION, ARGON2ID);
  const given = [password, salt, secret, data].flatMap((part) => [littleEndian(part.length), part]);
  const seed = blake2b(64, head, ...given);
  if (kept.length !== lanes * laneLength * WORDS) kept = new Int32Array(lanes * laneLength * WORDS);
  for (let lane = 0; lane < lanes; lane++) {
    for (const column of [0, 1]) {
      const block = longHash(1024, new Uint8Array([...seed, ...littleEndian(column, lane)]));
      kept.set(new Int32Array(block.buffer), (lane * laneLength + column) * WORDS);
    }
  }
  for (let pass = 0; pass < passes; pass++) {
    for (let slice = 0; slice < 4; slice++) {
      for (let lane = 0; lane < lanes; lane++) fillSegment(kept, shape, pass, slice, lane);
    }
  }
  const last = new Int32Array(WORDS);
  for (let lane = 0; lane < lanes; lane++) {
    const end = ((lane + 1) * laneLength - 1) * WORDS;
    for (let n = 0; n < WORDS; n++) last[n] ^= kept[end + n];
  }
  return longHash(size, new Uint8Array(last.buffer));
}

/* Looks for ascending numbers whose tags are below the threshold; tells each, so that the page knows it is alive. */
function search({ nonce, memory, threshold, numbers }) {
  const salt = new Uint8Array(nonce.match(/../g).map((pair) => parseInt(pair, 16)));
  const found = [];
  for (let number = 1; found.length < numbers; number++) {
    const password = Uint8Array.from(String(number), (digit) => digit.charCodeAt(0));
    const tag = argon2id({ password, salt, passes: 1, lanes: 1, memory, size: 16 });
    if (new DataView(tag.buffer).getUint32(0) < threshold) found.push(number);
    if (number % 64 === 0) self.postMessage({ alive: true });
  }
  self.postMessage({ proof: found.join(",") });
}

self.onmessage = (event) => search(event.data);
