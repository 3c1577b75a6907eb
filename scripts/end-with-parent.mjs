/** Preloaded into a supervised node: when its supervisor is gone, however it went, the node stops in order. */
import { isMainThread } from 'node:worker_threads'

if (isMainThread) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  // Listening must not keep a node alive that has nothing left to do.
  process.channel?.unref()
}
