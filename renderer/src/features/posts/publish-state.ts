/** What the person is publishing: pure steps from a chosen file to a running job. */

import type { EngineError } from '../../engine/errors.ts'

export type PublishState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'sending'; readonly fileName: string; readonly byteLength: number; readonly sent: number }
  | { readonly kind: 'started'; readonly fileName: string; readonly jobId: string }
  | { readonly kind: 'failed'; readonly fileName: string; readonly error: EngineError }

export type PublishAction =
  | { readonly type: 'chosen'; readonly fileName: string; readonly byteLength: number }
  | { readonly type: 'sent'; readonly bytes: number }
  | { readonly type: 'started'; readonly jobId: string }
  | { readonly type: 'failed'; readonly error: EngineError }
  | { readonly type: 'refused'; readonly fileName: string; readonly error: EngineError }
  | { readonly type: 'dismissed' }

export const IDLE: PublishState = { kind: 'idle' }

/** An action that doesn't fit the state (a late answer to a cancelled upload) changes nothing. */
export function publishStep(state: PublishState, action: PublishAction): PublishState {
  switch (action.type) {
    case 'chosen':
      return { kind: 'sending', fileName: action.fileName, byteLength: action.byteLength, sent: 0 }
    case 'sent':
      return state.kind === 'sending' ? { ...state, sent: action.bytes } : state
    case 'started':
      return state.kind === 'sending' ? { kind: 'started', fileName: state.fileName, jobId: action.jobId } : state
    case 'failed':
      return state.kind === 'sending' ? { kind: 'failed', fileName: state.fileName, error: action.error } : state
    case 'refused':
      return { kind: 'failed', fileName: action.fileName, error: action.error }
    case 'dismissed':
      return IDLE
  }
}
