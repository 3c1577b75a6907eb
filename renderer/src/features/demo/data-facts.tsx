/** The numbers and names that a step of the demo reports; a name the UI has no text for keeps its own. */

import { useTranslation } from 'react-i18next'
import { HashText } from '../../components/hash-text.tsx'
import { OperatorName } from '../../components/operator-name.tsx'
import { useFormat } from '../../format/use-format.ts'
import en from '../../locales/en.json'

type Props = { data: Readonly<Record<string, string | number>>; className?: string | undefined }
type FactName = keyof typeof en.demoData

/** Numbers that name a thing and are not counted with. */
const IDENTIFIERS: ReadonlySet<string> = new Set(['chainId'])

export function DataFacts({ data, className }: Props) {
  const { t } = useTranslation()
  const entries = Object.entries(data)
  if (entries.length === 0) return null
  return (
    <dl className={className}>
      {entries.map(([key, value]) => {
        const known = key === 'block' && typeof value === 'string' ? 'storedBlock' : key
        const name = isFactName(known) ? t(`demoData.${known}`) : known
        return (
          <div key={key}>
            <dt>{name}</dt>
            <dd className="num">
              <Value name={name} fact={key} value={value} />
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

function Value({ name, fact, value }: { name: string; fact: string; value: string | number }) {
  const format = useFormat()
  if (fact === 'operator' && typeof value === 'number') return <OperatorName index={value} />
  if (typeof value === 'string') return value.length > 24 ? <HashText value={value} label={name} /> : value
  return IDENTIFIERS.has(fact) ? value : format.count(value)
}

function isFactName(name: string): name is FactName {
  return Object.hasOwn(en.demoData, name)
}
