/** Asks two endpoints for the same logs: one that has not all of them would otherwise go unseen. */

import { AppError } from '../base/app-error.ts'
import type { Log } from '../telemetry/log.ts'
import { agreeOnLogs } from './agree-on-logs.ts'
import type { RawLog } from './chain-source.ts'
import type { CheckResult, RpcAnswer } from './rpc-client.ts'
import type { RpcEndpoint } from './rpc-endpoint.ts'
import * as shapes from './rpc-shapes.ts'

/** What an endpoint answered. */
export type Answered = { readonly endpoint: RpcEndpoint; readonly answer: RpcAnswer }

type Deps = {
  readonly askInTurn: (
    method: string,
    params: readonly unknown[],
    check: CheckResult | undefined,
    isOfHead: boolean,
  ) => Promise<Answered>
  /** Best first. */
  readonly candidates: () => readonly RpcEndpoint[]
  readonly log: Log
}

const METHOD = 'eth_getLogs'

export function createLogsQuestion({ askInTurn, candidates, log }: Deps) {
  /** @returns undefined when it has nothing to say. */
  async function opinionOf(
    endpoint: RpcEndpoint | undefined,
    params: readonly unknown[],
    check: CheckResult | undefined,
  ): Promise<Answered | undefined> {
    const answer = await endpoint?.ask(METHOD, params, check).catch(() => undefined) // counted and told there
    return endpoint === undefined || answer?.kind !== 'result' ? undefined : { endpoint, answer }
  }

  /**
   * Of two that differ, a third decides; without one, whoever misses some of the other's logs is not believed.
   * @throws AppError RPC_UNAVAILABLE when they cannot both be right and nothing tells which is.
   */
  return async function askLogs(params: readonly unknown[], check?: CheckResult): Promise<RpcAnswer> {
    const witness = candidates()[1]
    const [first, second] = await Promise.all([
      askInTurn(METHOD, params, check, true),
      opinionOf(witness, params, check),
    ])
    if (second === undefined || first.answer.kind === 'error' || first.endpoint === second.endpoint) return first.answer
    const agreement = agreeOnLogs(logsIn(first), logsIn(second))
    if (agreement === 'same') return first.answer
    const hosts = [first.endpoint.host, second.endpoint.host]
    log.warn('rpc_logs_differ', { agreement, hosts, counts: [logsIn(first).length, logsIn(second).length] })
    const others = candidates().filter(each => each !== first.endpoint && each !== second.endpoint)
    const third = await opinionOf(others[0], params, check)
    if (third !== undefined) {
      const agreed = [first, second].find(each => agreeOnLogs(logsIn(each), logsIn(third)) === 'same')
      if (agreed !== undefined) return agreed.answer
    } else if (agreement !== 'differ') return (agreement === 'firstMisses' ? second : first).answer
    throw new AppError('RPC_UNAVAILABLE', { method: METHOD, reason: 'the endpoints disagree about the logs' })
  }
}

function logsIn({ answer }: Answered): RawLog[] {
  return answer.kind === 'result' ? shapes.parseAnswer(shapes.logs, answer.value, METHOD) : []
}
