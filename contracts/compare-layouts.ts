// Says what changed in the layout of storage, and whether an upgrade over it keeps what is stored.

/** Members are lines of `slot+offset name: type (bytes)`. */
export type Layout = {
  readonly struct: string
  readonly slot: string
  readonly members: readonly string[]
  /** Structs inside of it, by their name. */
  readonly structs: Readonly<Record<string, readonly string[]>>
}

/** By the id of the namespace (ERC-7201). */
export type StorageLayouts = Readonly<Record<string, Layout>>

/** A line for each namespace or struct that changed. */
export function differencesOf(before: StorageLayouts, after: StorageLayouts): string[] {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return ids.flatMap(id => {
    const [old, changed] = [before[id], after[id]]
    if (changed === undefined) return [`${id}: gone, what it holds is lost`]
    if (old === undefined) return [`${id}: new`]
    const slot = old.slot === changed.slot ? [] : [`${id}: moved, what it holds is lost`]
    const structs = [...new Set([...Object.keys(old.structs), ...Object.keys(changed.structs)])]
    return [
      ...slot,
      ...membersDiffer(id, old.members, changed.members),
      ...structs.flatMap(name => membersDiffer(`${id}, ${name}`, old.structs[name] ?? [], changed.structs[name] ?? [])),
    ]
  })
}

function membersDiffer(where: string, old: readonly string[], changed: readonly string[]): string[] {
  if (old.length === changed.length && old.every((line, i) => line === changed[i])) return []
  const first = old.findIndex((line, i) => line !== changed[i])
  if (first === -1) return [`${where}: appended ${changed.slice(old.length).join(', ')}`]
  return [`${where}: INCOMPATIBLE from ${old[first]} on, which is now ${changed[first] ?? 'gone'}`]
}
