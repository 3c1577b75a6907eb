/** Whose duties the screens show: one own operator, or all of them. A choice of the person, not a state of the engine. */

import { createContext, type ReactNode, useContext, useMemo, useState } from 'react'

type OperatorChoice = {
  /** An operator index; null means all. */
  readonly operator: number | null
  readonly choose: (operator: number | null) => void
}

const OperatorChoiceContext = createContext<OperatorChoice>({ operator: null, choose: () => {} })

export function OperatorChoiceProvider({ children }: { children: ReactNode }) {
  const [operator, choose] = useState<number | null>(null)
  const value = useMemo(() => ({ operator, choose }), [operator])
  return <OperatorChoiceContext value={value}>{children}</OperatorChoiceContext>
}

export function useOperatorChoice(): OperatorChoice {
  return useContext(OperatorChoiceContext)
}

/** The part of a method's input that narrows it to the chosen operator. */
export function useOperatorFilter(): { readonly operator?: number } {
  const { operator } = useOperatorChoice()
  return useMemo(() => (operator === null ? {} : { operator }), [operator])
}
