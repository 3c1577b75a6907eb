/** What the made-up network answers to the questions of the overview and the demo. */

import type { StandingEvidence } from '@emerald/node-core/contract/evidence-shape.ts'
import type { DemoState, Overview } from '@emerald/node-core/contract/shapes.ts'
import { address, cid, hash } from './made-up.ts'
import type { World } from './stand-in-world.ts'

export function overviewOf(world: World, operator: number | undefined): Overview {
  const isMine = (row: { isOwn: boolean; operator: number }) =>
    operator === undefined ? row.isOwn : row.operator === operator
  const challenges = [...world.challenges.values()].filter(isMine)
  const proofs = [...world.proofs.values()].filter(isMine)
  const open = challenges
    .filter(row => row.state !== 'proven' && row.state !== 'missed')
    .sort((a, b) => a.deadlineBlock - b.deadlineBlock)
  const recentLatencies = proofs
    .slice(-40)
    .map(row => ({ id: row.id, ms: 2_000 + Object.values(row.timings ?? {}).reduce((sum, ms) => sum + ms, 0) * 3 }))
  const sorted = recentLatencies.map(row => row.ms).sort((a, b) => a - b)
  const operators = world.operators.filter(row => (operator === undefined ? row.isOwn : row.index === operator))
  const sum = (pick: 'stakeWei' | 'slashedWei') =>
    operators.reduce((total, row) => total + BigInt(row[pick]), 0n).toString()
  const damaged = world.posts.some(post => post.content === 'damaged')
  const verdict = (level: Overview['verdict']['level'], code: Overview['verdict']['code']) => ({
    level,
    code,
    data: {},
  })
  return {
    verdict:
      world.posts.length === 0
        ? verdict('idle', 'NO_POSTS')
        : damaged
          ? verdict('bad', 'CONTENT_DAMAGED')
          : open.some(row => row.state === 'overdue')
            ? verdict('bad', 'DUTY_OVERDUE')
            : proofs.length === 0
              ? verdict('idle', 'WAITING_FOR_FIRST_PROOF')
              : verdict('ok', 'BYTES_SAFE'),
    head: { number: world.head, hash: hash(`block ${world.head}`), at: new Date(world.headAt).toISOString() },
    epoch: world.epoch(),
    pause: world.pause,
    nextDuty: open[0] ?? null,
    posts: {
      total: world.posts.length,
      attested: world.posts.filter(post => post.state === 'attested').length,
      held: world.posts.filter(post => post.content === 'held').length,
    },
    challenges: {
      open: open.length,
      proven: proofs.length,
      missed: challenges.filter(row => row.state === 'missed').length,
    },
    stakeWei: sum('stakeWei'),
    slashedWei: sum('slashedWei'),
    gasSpentWei: (BigInt(proofs.length) * 96_000n * 1_500_000_000n).toString(),
    lastProofAt: proofs.at(-1)?.acceptedAt ?? null,
    proofMs:
      sorted.length === 0
        ? null
        : { median: sorted[Math.floor(sorted.length / 2)] ?? 0, p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0 },
    recentLatencies,
  }
}

export function evidenceOf(world: World, id: string): StandingEvidence | undefined {
  const challenge = world.challenges.get(id)
  if (challenge === undefined || (challenge.state !== 'missed' && challenge.state !== 'overdue')) return undefined
  const { postId, epoch, operator, level, stratum, salt, indexes, z, gamma, blobCount } = challenge
  const { openedBlock, deadlineBlock } = challenge
  return {
    version: 1,
    madeAt: new Date(world.headAt).toISOString(),
    madeAtBlock: deadlineBlock,
    chain: { chainId: 31_337, contracts: { custodyChallenges: address('challenges') } },
    seed: {
      ...{ epoch, seed: hash(`seed ${epoch}`), prevRandao: hash(`randao ${epoch}`), seedBlock: openedBlock - 1 },
      ...{ headerRlp: null, beacon: address('beacon'), parameters: '0', finalised: null },
    },
    challenge: {
      ...{ id, postId, root: hash(`root ${postId}`), cid: cid(postId), blobCount, epoch, operator, level, stratum },
      ...{ salt, indexes, z, gamma, openedBlock, deadlineBlock },
    },
    report: null,
    node: {
      ...{ version: '0.1.0', isOperatorOnline: false, content: { state: 'held', error: null } },
      ...{ answer: null, batch: null, transactions: [], alerts: [] },
    },
    log: [],
    standing: { state: challenge.state, checkedAtBlock: world.head },
  }
}

export function demoStateOf(world: World): DemoState {
  const post = world.posts[0]
  const { number, isSeedKnown } = world.epoch()
  const has = [...world.challenges.values()].filter(row => row.postId === post?.postId && row.epoch === number)
  const proven = has.filter(row => row.state === 'proven').length
  const isDone = [
    true,
    !!post,
    post?.content === 'held',
    post?.state === 'attested',
    isSeedKnown && has.length > 0,
    has.length > 0 && proven === has.length,
    false,
  ]
  const firstOpen = isDone.indexOf(false)
  const data: DemoState['steps'][number]['data'][] = [
    { chainId: 31_337, operators: 3 },
    post ? { fileName: post.fileName ?? '', blobs: post.blobCount, postId: post.postId } : {},
    post ? { bytes: post.byteLength } : {},
    post?.state === 'attested' ? { operators: post.attesters.length, epoch: post.attestedEpoch ?? 0 } : {},
    isSeedKnown ? { epoch: number, challenges: has.length } : {},
    has.length ? { proven } : {},
    {},
  ]
  return {
    isAvailable: true,
    isResetting: false,
    steps: (['chain', 'publish', 'fetch', 'attest', 'seed', 'prove', 'settle'] as const).map((name, index) => ({
      name,
      state:
        isDone[index] && index < firstOpen
          ? ('done' as const)
          : index === firstOpen && post
            ? ('active' as const)
            : ('waiting' as const),
      data: index <= firstOpen ? (data[index] ?? {}) : {},
    })),
    faults: (['miss', 'corrupt', 'reorg'] as const).map(fault => ({
      fault,
      state: world.faults[fault],
      data: world.faults[fault] !== 'ready' && fault === 'miss' ? { operator: 'Birch' } : {},
    })),
  }
}
