/** A made-up network that lives: blocks tick, posts are attested, challenged and proven. Nothing in it is real. */

import type { Alert } from '@emerald/node-core/contract/health-shapes.ts'
import type {
  Challenge,
  Job,
  NodeEvent,
  Operator,
  Post,
  Proof,
  TimelineEntry,
} from '@emerald/node-core/contract/shapes.ts'
import { address, cid, fraction, hash, point, scalar } from './made-up.ts'

const EPOCH_BLOCKS = 30
const SEED_AT = 4
const DEADLINE_AT = 20
const PAYLOAD_BYTES = 126_945

export type World = ReturnType<typeof createWorld>

export function createWorld(blockMs: number) {
  const operators: Operator[] = ['Aster', 'Birch', 'Cedar'].map((label, index) => ({
    index,
    owner: address(`owner ${index}`),
    signer: address(`signer ${index}`),
    stakeWei: '32000000000000000000',
    slashedWei: '0',
    rejected: { own: 0, others: 0 },
    exit: null,
    isOwn: index < 2,
    isOnline: true,
    label,
  }))
  const posts: Post[] = []
  const timelines = new Map<string, TimelineEntry[]>()
  const challenges = new Map<string, Challenge>()
  const proofs = new Map<string, Proof>()
  const jobs = new Map<string, Job>()
  const alerts: Alert[] = []
  const events: NodeEvent[] = []
  const listeners = new Set<() => void>()
  const world = {
    operators,
    posts,
    timelines,
    challenges,
    proofs,
    jobs,
    alerts,
    events,
    listeners,
    head: 0,
    headAt: Date.now(),
    startedAt: new Date().toISOString(),
    faults: { miss: 'ready', corrupt: 'ready', reorg: 'ready' } as Record<
      'miss' | 'corrupt' | 'reorg',
      'ready' | 'active' | 'done'
    >,
    pause: null as { sinceBlock: number; untilBlock: number } | null,
    epoch,
    tick,
    emit,
    register,
    blockMs,
  }

  function epoch(block = world.head) {
    const number = Math.floor(Math.max(block - 1, 0) / EPOCH_BLOCKS)
    const firstBlock = 1 + number * EPOCH_BLOCKS
    return {
      number,
      firstBlock,
      seedBlock: firstBlock + SEED_AT,
      deadlineBlock: firstBlock + DEADLINE_AT,
      lastBlock: firstBlock + EPOCH_BLOCKS - 1,
      isSeedKnown: block > firstBlock + SEED_AT,
    }
  }

  function emit(topic: NodeEvent['topic'], id: string | null = null, data: NodeEvent['data'] = {}) {
    events.push({ seq: (events.at(-1)?.seq ?? 0) + 1, at: new Date().toISOString(), topic, id, data })
    if (events.length > 2_000) events.splice(0, 500)
    for (const listener of [...listeners]) listener()
  }

  const at = () => new Date(world.headAt).toISOString()

  function note(postId: string, kind: TimelineEntry['kind'], operator: number | null) {
    const entry = {
      kind,
      blockNumber: world.head,
      at: at(),
      epoch: epoch().number,
      operator,
      txHash: hash(`${postId}${kind}${world.head}`),
    }
    timelines.set(postId, [...(timelines.get(postId) ?? []), entry])
  }

  function register(fileName: string, byteLength: number, contentType: string): Post {
    const key = `${fileName}${world.head}`
    const post: Post = {
      postId: hash(`post ${key}`),
      publisher: address('publisher'),
      root: hash(`root ${key}`),
      cid: cid(key),
      contentType,
      byteLength,
      blobCount: Math.ceil(byteLength / PAYLOAD_BYTES),
      state: 'registered',
      content: 'fetching',
      contentError: null,
      fileName,
      audit: null,
      registeredBlock: world.head,
      registeredAt: at(),
      attestedEpoch: null,
      endEpoch: null,
      level: 0,
      settledEpoch: null,
      attesters: [],
      provenCount: 0,
      missedCount: 0,
    }
    posts.unshift(post)
    note(post.postId, 'registered', null)
    emit('post', post.postId)
    return post
  }

  function tick(atMs: number) {
    world.head += 1
    world.headAt = atMs
    for (const post of posts) if (post.state === 'registered' && world.head - post.registeredBlock >= 3) attest(post)
    if (world.head === epoch().seedBlock + 1) for (const post of posts) challengeAll(post)
    for (const challenge of challenges.values()) advance(challenge)
    emit('head', String(world.head))
  }

  function attest(post: Post) {
    post.state = 'attested'
    post.content = 'held'
    post.attestedEpoch = epoch().number
    post.endEpoch = epoch().number + 1_000
    post.attesters = operators.map(operator => operator.index)
    note(post.postId, 'attested', null)
    emit('post', post.postId)
  }

  function challengeAll(post: Post) {
    const { number, deadlineBlock } = epoch()
    if (post.attestedEpoch === null || post.attestedEpoch >= number) return
    for (const stratum of [0, 1]) {
      const operator = Math.floor(fraction(`${post.postId}${number}`) * 3 + stratum) % 3
      const id = `${post.postId}:${number}:${operator}`
      const sampled = Math.min(post.blobCount, 4)
      challenges.set(id, {
        id,
        postId: post.postId,
        epoch: number,
        operator,
        isOwn: operators[operator]?.isOwn ?? false,
        level: 0,
        stratum,
        k: sampled,
        isBatched: false,
        state: 'due',
        blobCount: post.blobCount,
        indexes: Array.from({ length: sampled }, (_, j) =>
          Math.floor(((j + fraction(`${id}${j}`)) / sampled) * post.blobCount),
        ),
        z: scalar(`z ${id}`),
        gamma: scalar(`gamma ${id}`),
        salt: hash(`salt ${post.postId}${number}`),
        openedBlock: world.head,
        deadlineBlock,
        txHash: null,
        error: null,
        attempts: 0,
      })
      note(post.postId, 'challenged', operator)
      emit('challenge', id)
    }
  }

  function advance(challenge: Challenge) {
    if (challenge.state === 'proven' || challenge.state === 'missed') return
    const age = world.head - challenge.openedBlock
    const operator = operators[challenge.operator]
    const before = challenge.state
    if (operator && !operator.isOnline) {
      if (age >= 1) Object.assign(challenge, { attempts: 1, error: 'TIMEOUT' })
      if (world.head > challenge.deadlineBlock) challenge.state = 'overdue'
      if (world.head > challenge.deadlineBlock + 3) miss(challenge, operator)
    } else {
      const pace = 1 + Math.floor(fraction(challenge.id) * 9)
      if (age >= pace) Object.assign(challenge, { state: 'proving', attempts: 1 })
      if (age >= pace + 2) Object.assign(challenge, { state: 'sent', txHash: hash(`tx ${challenge.id}`) })
      if (age >= pace + 4) prove(challenge)
    }
    if (before !== challenge.state) emit('challenge', challenge.id)
  }

  function raise(code: Alert['code'], severity: Alert['severity'], subject: string, data: Alert['data']) {
    const [raisedAt, lastSeenAt] = [at(), at()]
    const times = { raisedAt, lastSeenAt, acknowledgedAt: null, resolvedAt: null }
    alerts.unshift({ id: alerts.length + 1, code, severity, subject, data, count: 1, ...times })
    emit('alert', subject)
  }

  function miss(challenge: Challenge, operator: Operator) {
    challenge.state = 'missed'
    const { id, postId, deadlineBlock } = challenge
    const about = { challengeId: id, postId, operator: operator.index }
    raise('CHALLENGE_MISSED', 'critical', id, { ...about, deadlineBlock, isReported: true })
    raise('OPERATOR_SLASHED', 'critical', id, { ...about, amountWei: '320000000000000000' })
    operator.slashedWei = (BigInt(operator.slashedWei) + 320_000_000_000_000_000n).toString()
    operator.stakeWei = (BigInt(operator.stakeWei) - 320_000_000_000_000_000n).toString()
    operator.isOnline = true
    world.faults.miss = 'done'
    for (const post of posts) if (post.postId === challenge.postId) post.missedCount += 1
    note(challenge.postId, 'missed', challenge.operator)
    note(challenge.postId, 'slashed', challenge.operator)
    emit('operator', String(operator.index))
  }

  function prove(challenge: Challenge) {
    const { id } = challenge
    challenge.state = 'proven'
    challenge.error = null
    const part = (name: string, base: number) => Math.round(base * (0.6 + fraction(`${name}${id}`)))
    const timings = {
      deriveMs: part('d', 8),
      readMs: part('r', 40),
      foldMs: part('f', 20),
      openMs: part('o', 240),
      sendMs: part('s', 60),
      confirmMs: part('c', blockMs),
    }
    proofs.set(id, {
      id,
      postId: challenge.postId,
      epoch: challenge.epoch,
      operator: challenge.operator,
      isOwn: challenge.isOwn,
      level: challenge.level,
      k: challenge.k,
      z: challenge.z,
      y: scalar(`y ${id}`),
      proof: point(`proof ${id}`),
      opening: hash(`opening ${id}`),
      batchSize: 1,
      submitter: address(`signer ${challenge.operator}`),
      txHash: hash(`tx ${id}`),
      blockNumber: world.head,
      acceptedAt: at(),
      gasUsed: challenge.isOwn ? 94_000 + part('g', 6_000) : null,
      timings: challenge.isOwn ? timings : null,
    })
    for (const post of posts) if (post.postId === challenge.postId) post.provenCount += 1
    note(challenge.postId, 'proven', challenge.operator)
    emit('proof', id)
  }

  return world
}
