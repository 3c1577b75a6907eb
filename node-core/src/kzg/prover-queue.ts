/** The work that waits for a prover thread: two bounded lanes, challenges before ingest, first come first served in each. */

import { EventEmitter, once } from 'node:events'
import { AppError } from '../base/app-error.ts'
import type { Priority, ProveOptions } from './prover.ts'
import type { ProverRequest, ProverResult } from './prover-messages.ts'

export type ProverTask = {
  readonly request: ProverRequest
  readonly priority: Priority
  /** How often a thread was lost over it. */
  losses: number
  readonly isSettled: () => boolean
  readonly resolve: (result: ProverResult) => void
  readonly reject: (error: unknown) => void
}

export type ProverQueue = {
  /** Joins the queue before it returns. @throws AppError QUEUE_FULL, or what the queue was closed with; the signal's reason. */
  add(request: ProverRequest, options: ProveOptions): Promise<ProverResult>
  /** To the head of its lane, even if that is full: it has waited once. */
  putBack(task: ProverTask): void
  /** Waits for work. @returns undefined when the queue is closed or the signal aborts. */
  take(signal: AbortSignal): Promise<ProverTask | undefined>
  /** Also true of a closed queue, where `add` says why. */
  readonly hasRoom: boolean
  whenRoom(signal?: AbortSignal): Promise<void>
  readonly waiting: Readonly<Record<Priority, number>>
  /** Rejects all that waits and all that comes. Only the first call counts. */
  close(reason: AppError): void
}

/** @param maxQueued bound of each lane. */
export function createProverQueue(maxQueued: number): ProverQueue {
  const lanes: Record<Priority, ProverTask[]> = { challenge: [], ingest: [] }
  const takers: ((task: ProverTask | undefined) => void)[] = []
  const events = new EventEmitter().setMaxListeners(0)
  let closedWith: AppError | undefined

  const join = (task: ProverTask): void => {
    const taker = takers.shift()
    if (taker !== undefined) taker(task)
    else lanes[task.priority].push(task)
  }
  const leave = (task: ProverTask): void => {
    const at = lanes[task.priority].indexOf(task)
    if (at < 0) return
    lanes[task.priority].splice(at, 1)
    events.emit('room')
  }

  return {
    async add(request, { priority, signal }) {
      signal?.throwIfAborted()
      if (closedWith !== undefined) throw closedWith
      if (lanes[priority].length >= maxQueued) throw new AppError('QUEUE_FULL', { queue: priority, maxQueued })
      const { task, result } = createTask(request, priority)
      const cancel = () => {
        leave(task)
        task.reject(signal?.reason)
      }
      signal?.addEventListener('abort', cancel, { once: true })
      join(task)
      return result.finally(() => signal?.removeEventListener('abort', cancel))
    },
    putBack(task) {
      if (task.isSettled()) return
      const taker = takers.shift()
      if (closedWith !== undefined) task.reject(closedWith)
      else if (taker !== undefined) taker(task)
      else lanes[task.priority].unshift(task)
    },
    async take(signal) {
      if (closedWith !== undefined || signal.aborted) return undefined
      const task = lanes.challenge[0] ?? lanes.ingest[0]
      if (task !== undefined) {
        leave(task)
        return task
      }
      return waitForTask(takers, signal)
    },
    get hasRoom() {
      return closedWith !== undefined || lanes.ingest.length < maxQueued
    },
    async whenRoom(signal) {
      signal?.throwIfAborted()
      if (this.hasRoom) return
      await once(events, 'room', signal === undefined ? {} : { signal }).catch(error => {
        throw signal?.reason ?? error
      })
    },
    get waiting() {
      return { challenge: lanes.challenge.length, ingest: lanes.ingest.length }
    },
    close(reason) {
      if (closedWith !== undefined) return
      closedWith = reason
      for (const task of [...lanes.challenge.splice(0), ...lanes.ingest.splice(0)]) task.reject(reason)
      for (const taker of takers.splice(0)) taker(undefined)
      events.emit('room')
    },
  }
}

type Taker = (task: ProverTask | undefined) => void

function waitForTask(takers: Taker[], signal: AbortSignal): Promise<ProverTask | undefined> {
  return new Promise(resolve => {
    const take: Taker = task => {
      signal.removeEventListener('abort', giveUp)
      resolve(task)
    }
    const giveUp = () => {
      takers.splice(takers.indexOf(take), 1)
      resolve(undefined)
    }
    signal.addEventListener('abort', giveUp, { once: true })
    takers.push(take)
  })
}

function createTask(request: ProverRequest, priority: Priority): { task: ProverTask; result: Promise<ProverResult> } {
  const { promise, resolve, reject } = Promise.withResolvers<ProverResult>()
  let isSettled = false
  const settling =
    <A>(settle: (value: A) => void) =>
    (value: A) => {
      isSettled = true
      settle(value)
    }
  const task = {
    request,
    priority,
    losses: 0,
    isSettled: () => isSettled,
    resolve: settling(resolve),
    reject: settling(reject),
  }
  return { task, result: promise }
}
