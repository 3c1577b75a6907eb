// Puts the addresses of libraries into code that was compiled without knowing them.
import { type Address, type Hex, slice } from 'viem'

const ADDRESS_BYTES = 20

/**
 * @param links bytes from which on the address of each library belongs into the code.
 * @throws Error when a library has no address.
 */
export function linkCode(
  code: Hex,
  links: Readonly<Record<string, readonly number[]>>,
  addresses: Readonly<Record<string, Address | undefined>>,
): Hex {
  let linked: string = code
  for (const [library, places] of Object.entries(links)) {
    const address = addresses[library]
    if (address === undefined) throw new Error(`library ${library} has no address`)
    for (const place of places) linked = overwrite(linked, place, slice(address, 0, ADDRESS_BYTES))
  }
  return linked as Hex // hex digits were replaced by as many others
}

function overwrite(code: string, place: number, address: Hex): string {
  const from = 2 + 2 * place
  const to = from + 2 * ADDRESS_BYTES
  if (to > code.length) throw new Error(`a link at byte ${place} lies behind the code`)
  return code.slice(0, from) + address.slice(2).toLowerCase() + code.slice(to)
}
