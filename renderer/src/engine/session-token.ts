/** The access token of this browser session: taken once from the URL fragment, then kept for the tab and out of the URL. */

const STORAGE_KEY = 'emerald.token'

type TokenPlace = {
  readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>
  readonly history: Pick<History, 'replaceState'>
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>
}

export function takeSessionToken(place: TokenPlace): string | null {
  const found = /^#token=([0-9a-f]{16,256})$/.exec(place.location.hash)?.[1]
  if (!found) return place.storage.getItem(STORAGE_KEY)
  place.storage.setItem(STORAGE_KEY, found)
  place.history.replaceState(null, '', `${place.location.pathname}${place.location.search}#/`)
  return found
}
