/** The three paths that answer without a token: /health, /ready and /metrics. */

import type { ServerResponse } from 'node:http'
import { AppError } from '../base/app-error.ts'
import { untilAborted } from './event-stream.ts'
import { sendJson, sendText } from './http-answers.ts'

/** Costs more than the others. */
export const METRICS_PATH = '/metrics'

export type ProbeAnswer = { readonly status: number; readonly body: object }

export type Probes = {
  readonly health: () => Promise<ProbeAnswer>
  readonly ready: () => Promise<ProbeAnswer>
  /** The Prometheus text format. */
  readonly metrics?: () => Promise<string>
}

/**
 * @returns false when the path is none of them.
 * @throws AppError TIMEOUT
 */
export async function answerProbe(
  probes: Probes,
  pathname: string,
  response: ServerResponse,
  timeoutMs: number,
): Promise<boolean> {
  if (pathname === '/health' || pathname === '/ready') {
    const { status, body } = await inTime((pathname === '/health' ? probes.health : probes.ready)(), timeoutMs)
    sendJson(response, status, body)
    return true
  }
  if (pathname !== METRICS_PATH || probes.metrics === undefined) return false
  sendText(response, await inTime(probes.metrics(), timeoutMs))
  return true
}

async function inTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    return await untilAborted(work, signal)
  } catch (error) {
    throw signal.aborted ? new AppError('TIMEOUT', { timeoutMs }, { cause: error }) : error
  }
}
