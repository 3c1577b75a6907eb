/** The newest block, how old it is, what is final, and whether the endpoints agree. */

import type { NetworkState } from '@emerald/node-core/contract/network-shapes.ts'
import { SimpleGrid, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { RelativeTime } from '../../components/relative-time.tsx'
import { Section } from '../../components/section.tsx'
import { Stat } from '../../components/stat.tsx'
import { StateChip } from '../../components/state-chip.tsx'
import { useFormat } from '../../format/use-format.ts'
import type { Tone } from '../../theme/tone.ts'
import { headState } from './head-state.ts'

const QUORUM_TONES: Readonly<Record<NetworkState['quorum'], Tone>> = {
  alone: 'idle',
  agreed: 'idle',
  unwitnessed: 'warn',
  disputed: 'warn',
  none: 'bad',
}

export function HeadCard({ state }: { state: NetworkState }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { head, finalised, lagBlocks, quorum } = state
  const { name, tone } = headState(state)
  return (
    <Section title={t('network.head')} actions={<StateChip tone={tone} label={t(`network.headState.${name}`)} />}>
      <SimpleGrid cols={{ base: 2, sm: 4 }}>
        <Stat
          name={t('fields.block')}
          value={head === null ? '–' : format.count(head.number)}
          note={head === null ? null : <RelativeTime iso={head.seenAt} />}
        />
        <Stat name={t('network.behind')} value={lagBlocks === null ? '–' : format.count(lagBlocks)} />
        <Stat name={t('network.finalised')} value={finalised === null ? '–' : format.count(finalised.number)} />
        <Stat
          name={t('network.quorum')}
          value={<StateChip tone={QUORUM_TONES[quorum]} label={t(`network.quorumName.${quorum}`)} />}
        />
      </SimpleGrid>
      <Text size="sm" c="dimmed" mt="sm">
        {t(`network.quorumText.${quorum}`)}
      </Text>
    </Section>
  )
}
