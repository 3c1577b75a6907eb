/** A post by its file name where this node knows one, else by its id. */

import { usePostNames } from '../engine/use-post-names.ts'
import { shorten } from '../format/numbers.ts'

export function PostName({ postId }: { postId: string }) {
  const name = usePostNames().get(postId)
  return name ? (
    <span title={postId}>{name}</span>
  ) : (
    <span className="mono" title={postId}>
      {shorten(postId, 10, 6)}
    </span>
  )
}
