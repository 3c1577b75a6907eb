/** Decides what a transaction bids for its place in a block, and when the bid is raised. */

/** Per unit of gas, as EIP-1559 has them: at most `maxFeeWei` in all, of which at most `tipWei` for the block's producer. */
export type Fees = { readonly maxFeeWei: bigint; readonly tipWei: bigint }

export type Market = {
  readonly baseFeeWei: bigint
  /** What the endpoint suggests. */
  readonly tipWei: bigint
}
export type BidSituation = {
  readonly market: Market
  /** Of the bid that stands. */
  readonly last: Fees
  /** Blocks since the last bid was made. */
  readonly blocksWaited: number
  /** Blocks that can still take the transaction in time; undefined without a deadline. */
  readonly blocksLeft: number | undefined
  /** No bid's `maxFeeWei` is above it. */
  readonly capWei: bigint
}

export type NextBid =
  | { readonly kind: 'bid'; readonly fees: Fees }
  | { readonly kind: 'wait' }
  /** The cap leaves no room for a raise that every pool takes. */
  | { readonly kind: 'atCap' }
  | { readonly kind: 'tooLate' }

/**
 * From the most urgent on; the first whose `blocksLeft` isn't passed holds. Pools take a replacement when both fees rise by 10 % (the
 * rule of geth and of anvil): an eighth leaves room. The rest are guesses: twice the base fee outlasts six full blocks, so without a
 * deadline there is little reason for haste.
 */
const URGENCIES = [
  { blocksLeft: 2, waitBlocks: 1, raisePerMille: 1_000n },
  { blocksLeft: 5, waitBlocks: 1, raisePerMille: 500n },
  { blocksLeft: 12, waitBlocks: 2, raisePerMille: 250n },
] as const
const LEAST_RAISE_PER_MILLE = 125n
const UNHURRIED = { waitBlocks: 4, raisePerMille: LEAST_RAISE_PER_MILLE } as const

export const firstBid = (market: Market, capWei: bigint): Fees => atMost(capWei, askedBy(market))

export function nextBid({ market, last, blocksWaited, blocksLeft, capWei }: BidSituation): NextBid {
  if (blocksLeft !== undefined && blocksLeft < 1) return { kind: 'tooLate' }
  const { waitBlocks, raisePerMille } = urgencyOf(blocksLeft)
  if (blocksWaited < waitBlocks) return { kind: 'wait' }
  if (raised(last.maxFeeWei, LEAST_RAISE_PER_MILLE) > capWei) return { kind: 'atCap' }
  const asked = askedBy(market)
  const maxFeeWei = max(raised(last.maxFeeWei, raisePerMille), asked.maxFeeWei)
  const tipWei = max(raised(last.tipWei, raisePerMille), asked.tipWei)
  return { kind: 'bid', fees: atMost(capWei, { maxFeeWei, tipWei }) }
}

const askedBy = ({ baseFeeWei, tipWei }: Market): Fees => ({ maxFeeWei: 2n * baseFeeWei + tipWei, tipWei })

function urgencyOf(blocksLeft: number | undefined): { waitBlocks: number; raisePerMille: bigint } {
  return (blocksLeft === undefined ? undefined : URGENCIES.find(each => blocksLeft <= each.blocksLeft)) ?? UNHURRIED
}

/** Rounded up, and by 1 wei at least: pools want a replacement's fees strictly above the old ones. */
const raised = (wei: bigint, perMille: bigint): bigint => max((wei * (1_000n + perMille) + 999n) / 1_000n, wei + 1n)

const atMost = (capWei: bigint, { maxFeeWei, tipWei }: Fees): Fees => {
  const cappedWei = min(maxFeeWei, capWei)
  return { maxFeeWei: cappedWei, tipWei: min(tipWei, cappedWei) }
}
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
