/** Loaded before a command: the prover's library is then not to be found. */

import { registerHooks } from 'node:module'

registerHooks({
  resolve(specifier, context, next) {
    if (/(?:^|\/)c-kzg(?:\/|$)/.test(specifier)) throw new Error(`${specifier} cannot be found, on purpose`)
    return next(specifier, context)
  },
})
