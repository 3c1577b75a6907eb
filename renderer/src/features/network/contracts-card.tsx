/** Where the contracts stand that the node follows. */

import type { NetworkState } from '@emerald/node-core/contract/network-shapes.ts'
import { useTranslation } from 'react-i18next'
import { FactsList } from '../../components/facts-list.tsx'
import { HashText } from '../../components/hash-text.tsx'
import { Section } from '../../components/section.tsx'

export function ContractsCard({ contracts }: { contracts: NetworkState['contracts'] }) {
  const { t } = useTranslation()
  return (
    <Section title={t('network.contracts')}>
      <FactsList
        facts={contracts.map(({ name: id, address }) => {
          const name = t(`network.contractName.${id}`)
          return { name, value: <HashText value={address} label={name} isWhole /> }
        })}
      />
    </Section>
  )
}
