/** A line of the latest values, oldest first; `label` says the same in words. */

import { useElementSize } from '@mantine/hooks'

type Props = { values: readonly number[]; label: string; height?: number }

const INSET_PX = 5

export function Sparkline({ values, label, height = 64 }: Props) {
  const { ref, width } = useElementSize()
  const top = Math.max(...values, 1)
  const points = values.map((value, index) => ({
    x: INSET_PX + (values.length === 1 ? 1 : index / (values.length - 1)) * (width - 2 * INSET_PX),
    y: height - INSET_PX - (value / top) * (height - 2 * INSET_PX),
  }))
  const last = points.at(-1)
  const line = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')
  return (
    <div ref={ref}>
      <svg width="100%" height={height} role="img" aria-label={label} style={{ display: 'block' }}>
        <line x1="0" x2="100%" y1={height - 1} y2={height - 1} stroke="var(--em-line)" />
        {width > 0 && last ? (
          <>
            <polyline points={line} fill="none" stroke="var(--em-idle-fill)" strokeWidth="1.8" strokeLinejoin="round" />
            <circle cx={last.x} cy={last.y} r="3.5" fill="var(--em-idle)" />
          </>
        ) : null}
      </svg>
    </div>
  )
}
