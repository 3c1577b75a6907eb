/** The baseline's threads, in the same process model as ours: warm worker threads that get messages and answer them. */

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { BaselineRequest } from './baseline-thread.ts'

export type Baseline = AsyncDisposable & { run(request: BaselineRequest): Promise<unknown> }

/** Settles when c-kzg has loaded its set-up there. */
export async function openBaseline(): Promise<Baseline> {
  const worker = new Worker(new URL('./baseline-thread.ts', import.meta.url))
  await once(worker, 'message')
  return {
    async run(request) {
      const answered = once(worker, 'message')
      worker.postMessage(request)
      const [answer]: unknown[] = await answered
      return answer
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate()
    },
  }
}
