/** The blobs of a post as a grid, with the sampled ones drawn in the tone of their challenge. */

import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Tone, toneColors } from '../theme/tone.ts'

type Props = { blobCount: number; sampled?: readonly number[]; tone?: Tone; maxWidth?: number }

/** More cells than this cannot be told apart on a screen. */
const MAX_CELLS = 4_096

export function BlobGrid({ blobCount, sampled = [], tone = 'motion', maxWidth = 420 }: Props) {
  const { t } = useTranslation()
  const shown = Math.min(blobCount, MAX_CELLS)
  const { pitch, columns } = layOut(shown, maxWidth)
  const size = pitch - Math.max(1, Math.round(pitch / 8))
  const rows = Math.ceil(shown / columns)
  const colors = toneColors(tone)
  const chosen = new Set(sampled)
  const label = chosen.size
    ? t('blobs.sampledOf', { sampled: chosen.size, count: blobCount, indexes: sampled.join(', ') })
    : t('blobs.all', { count: blobCount })
  return (
    <figure style={{ margin: 0 }}>
      <svg width={columns * pitch} height={rows * pitch} role="img" aria-label={label} style={{ maxWidth: '100%' }}>
        {Array.from({ length: shown }, (_, index) => {
          const isChosen = chosen.has(index)
          const x = (index % columns) * pitch
          const y = Math.floor(index / columns) * pitch
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a blob's index is its identity
            <g key={index} transform={`translate(${x} ${y})`}>
              <rect
                width={size}
                height={size}
                rx={Math.min(3, size / 5)}
                fill={isChosen ? colors.fill : 'var(--em-idle-soft)'}
                stroke={isChosen ? colors.text : 'var(--em-line-strong)'}
                strokeWidth={pitch > 8 ? 1 : 0.5}
              />
            </g>
          )
        })}
      </svg>
      <Text component="figcaption" size="xs" c="dimmed" mt={6}>
        {label}
      </Text>
    </figure>
  )
}

/** The largest cells, 4 to 26 px, that fit in about eight rows of `maxWidth`. */
function layOut(count: number, maxWidth: number): { readonly pitch: number; readonly columns: number } {
  for (const pitch of [26, 20, 16, 12, 9, 7, 5]) {
    const columns = Math.max(1, Math.min(count, Math.floor(maxWidth / pitch)))
    if (Math.ceil(count / columns) <= 8) return { pitch, columns }
  }
  return { pitch: 4, columns: Math.floor(maxWidth / 4) }
}
