/** The RLP of a block header, rebuilt from JSON: what the seed beacon takes as proof of a block's prevRandao. */

import { keccak256, toRlp } from 'viem'
import { AppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import type { RpcHeader } from './rpc-shapes.ts'

/**
 * Fields in the order of the Yellow Paper 4.4, then EIP-1559, 4895, 4844 (two), 4788 and 7685; a chain that lacks a fork lacks its
 * field and all later ones.
 * @throws AppError RPC_UNAVAILABLE when the result doesn't hash to the block's hash: a lie, or a fork that is not known here.
 */
export function encodeHeader(header: RpcHeader): Hex {
  const fields: (Hex | undefined)[] = [
    header.parentHash,
    header.sha3Uncles,
    header.miner,
    header.stateRoot,
    header.transactionsRoot,
    header.receiptsRoot,
    header.logsBloom,
    integer(header.difficulty),
    integer(BigInt(header.number)),
    integer(header.gasLimit),
    integer(header.gasUsed),
    integer(BigInt(header.timestamp)),
    header.extraData,
    header.mixHash,
    header.nonce,
    integer(header.baseFeePerGas),
    header.withdrawalsRoot,
    integer(header.blobGasUsed),
    integer(header.excessBlobGas),
    header.parentBeaconBlockRoot,
    header.requestsHash,
  ]
  const rlp = toRlp(fields.filter(field => field !== undefined))
  if (keccak256(rlp) !== header.hash)
    throw new AppError('RPC_UNAVAILABLE', {
      reason: 'the header does not hash to its block hash',
      block: header.number,
    })
  return rlp
}

/** Big-endian without leading zeros; zero is the empty string (Yellow Paper, appendix B). */
function integer(value: bigint | undefined): Hex | undefined {
  if (value === undefined) return undefined
  if (value === 0n) return '0x'
  const digits = value.toString(16)
  return `0x${digits.length % 2 === 0 ? '' : '0'}${digits}`
}
