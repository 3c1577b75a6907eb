/** How long ago something was; ticks, and shows the exact time on hover. */

import { useFormat } from '../format/use-format.ts'
import { useNow } from '../format/use-now.ts'

export function RelativeTime({ iso }: { iso: string }) {
  const format = useFormat()
  const now = useNow()
  return (
    <time dateTime={iso} title={format.dateTime(iso)} className="num">
      {format.relative(iso, Math.max(now, Date.parse(iso)))}
    </time>
  )
}
