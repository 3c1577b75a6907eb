/** Which queries an event makes old: the whole of how the UI stays live. */

import type { OperatorContract } from '@emerald/node-core/contract/operator.ts'
import type { NodeEvent } from '@emerald/node-core/contract/shapes.ts'

type Method<G extends keyof OperatorContract> = keyof OperatorContract[G]
/** A group of methods, or one method; as in the contract. */
export type QueryPath = {
  [G in keyof OperatorContract]: readonly [G] | readonly [G, Method<G>]
}[keyof OperatorContract]

const OVERVIEW: QueryPath = ['node', 'overview']
const HEALTH: QueryPath = ['node', 'health']
const DEMO: QueryPath = ['demo', 'state']

const PATHS_BY_TOPIC: Readonly<Record<NodeEvent['topic'], readonly QueryPath[]>> = {
  // Deadlines pass by height alone.
  head: [OVERVIEW, HEALTH, DEMO, ['challenges'], ['network'], ['transactions', 'list']],
  post: [['posts'], OVERVIEW, DEMO],
  challenge: [['challenges'], ['posts'], OVERVIEW, DEMO],
  proof: [['proofs'], ['challenges'], ['posts'], OVERVIEW, DEMO],
  operator: [['operators'], ['node', 'facts'], OVERVIEW, DEMO],
  job: [['jobs'], DEMO],
  demo: [DEMO, ['operators'], ['node', 'facts']],
  reorg: [['posts'], ['challenges'], ['proofs'], ['operators'], ['network'], ['transactions', 'list'], OVERVIEW, DEMO],
  alert: [['alerts'], HEALTH, OVERVIEW, ['posts']],
}

export function pathsMadeOldBy(topic: NodeEvent['topic']): readonly QueryPath[] {
  return PATHS_BY_TOPIC[topic]
}

/** Collects paths and hands each over once per `pauseMs`, so that a burst of events asks once. */
export function createInvalidator(invalidate: (path: QueryPath) => void, pauseMs = 120) {
  const waiting = new Map<string, QueryPath>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush() {
    timer = undefined
    const paths = [...waiting.values()]
    waiting.clear()
    for (const path of paths) invalidate(path)
  }

  return {
    add(topic: NodeEvent['topic']) {
      for (const path of pathsMadeOldBy(topic)) waiting.set(path.join('.'), path)
      timer ??= setTimeout(flush, pauseMs)
    },
    stop() {
      clearTimeout(timer)
      waiting.clear()
    },
  }
}
