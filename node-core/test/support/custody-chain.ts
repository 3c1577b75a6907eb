/** What a chain itself says about proofs: for tests that don't take the node's word. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { createPublicClient, decodeFunctionData, type Hex, http, parseEventLogs } from 'viem'
import { z } from 'zod'
import { actors } from '../../src/devnet/actors.ts'

const preparedFile = z.object({ deployment: z.object({ custodyChallenges: z.templateLiteral(['0x', z.string()]) }) })

export type ChainTransaction = {
  readonly input: Hex
  readonly hash: string
  readonly blockNumber: number
  readonly isSuccess: boolean
  readonly nonce: number
}
/** One for each challenge that a transaction answers: those of a batch share its hash. */
export type ProveTransaction = Omit<ChainTransaction, 'input'> & {
  readonly id: string
  readonly functionName: 'prove' | 'proveFolded' | 'proveBatch'
}

/** @param dataDirectory of a node of the profile `anvil`, which wrote down what it deployed. */
export function readCustodyChain(rpcUrl: string, dataDirectory: string) {
  const client = createPublicClient({ transport: http(rpcUrl), cacheTime: 0 })
  const prepared = preparedFile.parse(JSON.parse(readFileSync(join(dataDirectory, 'chain.json'), 'utf8')))
  const address = prepared.deployment.custodyChallenges

  /** In the order of the chain. */
  async function transactionsTo(contract: Hex): Promise<ChainTransaction[]> {
    const found: ChainTransaction[] = []
    const head = await client.getBlockNumber()
    for (let number = 0n; number <= head; number += 1n) {
      const block = await client.getBlock({ blockNumber: number, includeTransactions: true })
      for (const { to, input, hash, nonce } of block.transactions) {
        if (to?.toLowerCase() !== contract.toLowerCase()) continue
        const { status } = await client.getTransactionReceipt({ hash })
        found.push({ input, hash, nonce, blockNumber: Number(number), isSuccess: status === 'success' })
      }
    }
    return found
  }

  return {
    client,
    address,
    /** Every answer that was sent, alone or in a batch, successful or not, in the order of the chain. */
    async proveTransactions(): Promise<ProveTransaction[]> {
      const sent = await transactionsTo(address)
      return sent.flatMap(({ input, ...place }) => {
        const answered = answeredBy(input)
        return (answered?.ids ?? []).map(id => ({ id, functionName: answered?.functionName ?? 'prove', ...place }))
      })
    },
    transactionsTo,
    /** One entry for each ProofAccepted event. */
    async acceptedProofs(): Promise<{ id: string; blockNumber: number }[]> {
      const logs = await client.getLogs({ address, fromBlock: 0n })
      return parseEventLogs({ abi: custodyChallengesAbi, eventName: 'ProofAccepted', logs }).map(log => ({
        id: `${log.args.postId}:${log.args.epoch}:${log.args.operator}`,
        blockNumber: Number(log.blockNumber),
      }))
    },
    /** Nonces that the operator's key gave out and that no block has. */
    async unminedNonces(operator: number): Promise<number> {
      const { address: key } = actors.operator(operator)
      const pending = await client.getTransactionCount({ address: key, blockTag: 'pending' })
      return pending - (await client.getTransactionCount({ address: key, blockTag: 'latest' }))
    },
  }
}

function answeredBy(input: Hex): { functionName: ProveTransaction['functionName']; ids: string[] } | undefined {
  const { functionName, args } = decodeFunctionData({ abi: custodyChallengesAbi, data: input })
  if (functionName === 'prove' || functionName === 'proveFolded')
    return { functionName, ids: [`${args[0]}:${args[1]}:${args[2]}`] }
  if (functionName !== 'proveBatch') return undefined
  const [epoch, operator, items] = args
  return { functionName, ids: items.map(({ postId }) => `${postId}:${epoch}:${operator}`) }
}
