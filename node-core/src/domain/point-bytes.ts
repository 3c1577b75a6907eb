/** The sizes of a point of G1, as a commitment and as the precompiles read it. */

/** Compressed. */
export const COMMITMENT_BYTES = 48
/** Uncompressed: x and y, 64 bytes each, https://eips.ethereum.org/EIPS/eip-2537 */
export const POINT_BYTES = 128
