/** Names that the main process, the preload script and the page must agree on. */
export const APP_SCHEME = 'app'

/** Origin of the only documents that any window may show. */
export const APP_ORIGIN = 'app://bundle'

/** Scheme of links that other programs may open; see `deep-link.ts`. */
export const DEEP_LINK_SCHEME = 'emerald'

/** The one IPC channel: page to main process, message `null`, exactly one port. */
export const CONNECT_CHANNEL = 'emerald:connect'

/** `window.emerald.connect()` is all that the preload script exposes. */
export const BRIDGE_NAME = 'emerald'

/** `data` of the `message` event by which the page receives its port, in `event.ports[0]`. */
export const PORT_MESSAGE = 'emerald:port'

/** Title of windows and dialogs until the engine has given its own. */
export const PRODUCT_NAME = 'Emerald Node'
