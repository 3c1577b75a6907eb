/** Sends a file to the node and has it published there. */

import type { Dispatch } from 'react'
import type { Engine } from '../../engine/create-engine.ts'
import type { PublishAction } from './publish-state.ts'
import { uploadFile } from './upload-file.ts'

/** Returns when the node has taken the work over as a job. */
export async function publishFile(engine: Engine, file: File, signal: AbortSignal, dispatch: Dispatch<PublishAction>) {
  const { client, queries, queryClient } = engine
  const onProgress = (bytes: number) => dispatch({ type: 'sent', bytes })
  const uploadId = await uploadFile(file, client.uploads, { signal, onProgress })
  const job = await client.posts.publish({ uploadId }, { signal })
  // The answer is older than any event about the job, so it is only put where nothing is known yet.
  queryClient.setQueryData(queries.jobs.get.queryKey({ input: { jobId: job.jobId } }), known => known ?? job)
  dispatch({ type: 'started', jobId: job.jobId })
}
