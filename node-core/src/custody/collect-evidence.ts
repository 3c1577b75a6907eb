/** Puts the evidence of a missed own challenge together from the node's tables and its log. */

import type { Deployment } from '@emerald/contracts/deployments.ts'
import { parseTransaction } from 'viem'
import type { Hex } from '../base/hex.ts'
import type { BlockHeader, ChainSource } from '../chain/chain-source.ts'
import type { Evidence } from '../contract/evidence-shape.ts'
import { type Challenge, challengeIdOf, proveName } from '../domain/challenge.ts'
import type { AlertRecord } from '../store/alerts-table.ts'
import type { Store } from '../store/store.ts'
import type { StoredTransaction } from '../store/transactions-table.ts'
import type { KeptLine, LogLine, LogRing } from '../telemetry/log-ring.ts'
import { MAX_LINES } from './merge-evidence.ts'
import type { OwnOperators } from './own-operators.ts'
import type { Missed } from './watch-deadlines.ts'

export type EvidenceDeps = {
  readonly store: Store
  readonly source: Pick<ChainSource, 'blockByNumber' | 'headerOf'>
  readonly operators: Pick<OwnOperators, 'isOnline'>
  readonly ring: Pick<LogRing, 'lines'>
  readonly deployment: Deployment
  readonly version: string
  readonly now: () => number
}

/** Guesses: what they leave of `MAX_BUNDLE_BYTES` is the log's. */
const MAX_ATTEMPTS = 5
const MAX_BIDS = 20
const MAX_ALERTS = 20
/** About no challenge, and yet a reason to miss one. */
const NODE_ALERTS = ['STORAGE_CORRUPT', 'HEAD_STALE', 'BALANCE_LOW'] as const
/** Lines without a name in them that tell how the node saw the chain. */
const CHAIN_EVENTS: ReadonlySet<string> = new Set([
  ...['reorg', 'resync', 'chain_look_failed', 'chain_recovered', 'chain_still_catching_up'],
])

/** @returns undefined when the chain no longer has the challenge, or its seed. */
export async function collectEvidence(missed: Missed, deps: EvidenceDeps): Promise<Evidence | undefined> {
  const { store, deployment } = deps
  const seedBlock = store.challenges.epoch(missed.epoch)?.seedBlock
  const header = seedBlock === undefined ? undefined : await headerAt(seedBlock, deps.source)
  // From here on nothing waits: all is read from one state of the tables.
  const challenge = store.challenges.get(missed)?.challenge
  const epoch = store.challenges.epoch(missed.epoch)
  const post = store.posts.get(missed.postId)
  if (challenge?.salt !== missed.salt || epoch === undefined || post === undefined) return undefined
  const { libraries: _, chainId, startBlock: __, secondsPerBlock: ___, ...contracts } = deployment
  const finalised = store.missed.seedOf(epoch.epoch)
  const report = store.missed.report(challenge)
  const content = store.posts.content(post.postId)
  const transactions = transactionsOf(store, challenge)
  const span = spanOf(challenge, deps)
  return {
    version: 1,
    madeAt: toIso(deps.now()),
    madeAtBlock: store.blocks.head()?.number ?? 0,
    chain: { chainId, contracts },
    seed: {
      ...{ epoch: epoch.epoch, seed: epoch.seed, prevRandao: epoch.prevRandao, seedBlock: epoch.seedBlock },
      // A reorg since may have put another block there.
      headerRlp: header?.prevRandao === epoch.prevRandao ? header.rlp : null,
      beacon: store.lifecycle.beaconIn(epoch.epoch) ?? deployment.seedBeacon,
      parameters: epoch.parameters.toString(),
      finalised: finalised ? { by: finalised.finaliser, txHash: finalised.txHash, block: finalised.blockNumber } : null,
    },
    challenge: {
      ...challenge,
      indexes: [...challenge.indexes],
      id: challengeIdOf(challenge),
      ...{ root: post.root, cid: post.cid, blobCount: post.blobCount },
      ...{ z: challenge.z.toString(), gamma: challenge.gamma.toString() },
    },
    report: report
      ? {
          ...{ by: report.reporter, txHash: report.txHash, block: report.blockNumber },
          slashedWei: report.slashedWei?.toString() ?? null,
        }
      : null,
    node: {
      version: deps.version,
      isOperatorOnline: deps.operators.isOnline(challenge.operator),
      content: { state: content.state, error: content.error },
      answer: answerOf(store, challenge),
      batch: store.batches.membership(challenge)?.name || null,
      transactions,
      alerts: alertsOf(store, challenge, span).map(toldOf),
    },
    log: linesOf(challenge, span, deps, transactions),
  }
}

/** While the challenge was open: from its seed, by the chain's clock, until the miss was told. */
type Span = { readonly fromMs: number; readonly untilMs: number }

function spanOf(challenge: Challenge, { store, now }: EvidenceDeps): Span {
  const told = store.alerts
    .ofSubject(challengeIdOf(challenge))
    .findLast(({ code, data }) => code === 'CHALLENGE_MISSED' && data.salt === challenge.salt)
  const openedAt = store.blocks.at(challenge.openedBlock)?.timestamp ?? 0
  return { fromMs: openedAt * 1_000, untilMs: told?.raisedAtMs ?? now() }
}

/** Those about the challenge, and what else was wrong meanwhile. */
function alertsOf(store: Store, challenge: Challenge, span: Span): AlertRecord[] {
  const own = store.alerts.ofSubject(challengeIdOf(challenge)).slice(-MAX_ALERTS)
  return [...own, ...store.alerts.meanwhile(NODE_ALERTS, span, MAX_ALERTS)]
}

/** Undefined also when the endpoint is what failed, or has forgotten the block: the rest is worth keeping without it. */
async function headerAt(number: number, source: EvidenceDeps['source']): Promise<BlockHeader | undefined> {
  try {
    const block = await source.blockByNumber(number)
    return block && (await source.headerOf(block.hash))
  } catch {
    return undefined
  }
}

function answerOf(store: Store, challenge: Challenge): Evidence['node']['answer'] {
  const answer = store.proofs.answer(challenge, challenge.salt)
  if (answer === undefined) return null
  const { state, attempts, error, timings, opening } = answer
  return { state, attempts, error, timings, y: opening?.y.toString() ?? null, proof: opening?.proof ?? null }
}

function transactionsOf(store: Store, challenge: Challenge): Evidence['node']['transactions'] {
  const alone = Array.from({ length: MAX_ATTEMPTS }, (_, at) => `${proveName(challenge)}#${at + 1}`)
  const batch = store.batches.membership(challenge)?.name
  return [...alone, ...(batch ? [batch] : [])].flatMap(key => {
    const sent = store.transactions.byKey(key)
    return sent === undefined ? [] : [transactionOf(store, sent)]
  })
}

function transactionOf(store: Store, sent: StoredTransaction): Evidence['node']['transactions'][number] {
  const receipt = store.transactions.receiptOf(sent.hash)
  return {
    ...{ key: sent.key, sender: sent.sender, nonce: sent.nonce, deadlineBlock: sent.deadlineBlock ?? null },
    createdAt: toIso(sent.createdAtMs),
    bids: store.transactions
      .bidsOf(sent.id)
      .slice(0, MAX_BIDS)
      .map(({ raw, hash, isCancel, outcome, madeAtBlock }) => ({
        ...{ hash, isCancel, outcome, madeAtBlock },
        ...feesOf(raw),
      })),
    receipt: receipt
      ? {
          ...{ hash: sent.hash, isSuccess: receipt.isSuccess, block: receipt.blockNumber, gasUsed: receipt.gasUsed },
          gasPriceWei: receipt.gasPriceWei.toString(),
        }
      : null,
  }
}

function feesOf(raw: Hex): { maxFeePerGasWei: string; maxPriorityFeePerGasWei: string } {
  const { maxFeePerGas = 0n, maxPriorityFeePerGas = 0n } = parseTransaction(raw as `0x02${string}`) // no other type is ever signed
  return { maxFeePerGasWei: maxFeePerGas.toString(), maxPriorityFeePerGasWei: maxPriorityFeePerGas.toString() }
}

const toldOf = (alert: AlertRecord): Evidence['node']['alerts'][number] => ({
  ...{ code: alert.code, severity: alert.severity, data: { ...alert.data } },
  raisedAt: toIso(alert.raisedAtMs),
  lastSeenAt: toIso(alert.lastSeenAtMs),
  acknowledgedAt: alert.acknowledgedAtMs === null ? null : toIso(alert.acknowledgedAtMs),
  resolvedAt: alert.resolvedAtMs === null ? null : toIso(alert.resolvedAtMs),
})

/** All lines that name the challenge; those that name only its post, or tell of the chain, from before the miss was told. */
function linesOf(
  challenge: Challenge,
  { fromMs, untilMs }: Span,
  { ring }: EvidenceDeps,
  transactions: Evidence['node']['transactions'],
): LogLine[] {
  const { postId, epoch, operator } = challenge
  const hashes = transactions.flatMap(({ bids }) => bids.map(bid => bid.hash))
  // One expression looks through megabytes ten times faster than a search for each name. Nothing in a name has a meaning in it.
  const own = new RegExp([`${challengeIdOf(challenge)}(?![0-9])`, `batch:${epoch}:${operator}:`, ...hashes].join('|'))
  const related = new RegExp([postId, own.source].join('|'))
  const [from, until] = [toIso(fromMs), toIso(untilMs)]
  const concerns = ({ time, event, text }: KeptLine): boolean =>
    CHAIN_EVENTS.has(event) ? from <= time && time <= until : related.test(text) && (time <= until || own.test(text))
  return ring.lines(concerns, MAX_LINES)
}

const toIso = (ms: number): string => new Date(ms).toISOString()
