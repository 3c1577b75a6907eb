/** The session's handlers, and the questions that Chromium would ask them. */

type RequestHandler = (
  contents: unknown,
  permission: string,
  answer: (granted: boolean) => void,
  details: object,
) => void
type CheckHandler = (contents: unknown, permission: string, origin: string, details: object) => boolean
type BeforeRequest = (details: { url: string }, answer: (response: { cancel?: boolean }) => void) => void

class StandInSession {
  spellChecks = true
  #request: RequestHandler | undefined
  #check: CheckHandler | undefined
  #device: (() => boolean) | undefined
  #beforeRequest: BeforeRequest | undefined

  readonly webRequest = {
    onBeforeRequest: (handler: BeforeRequest) => {
      this.#beforeRequest = handler
    },
  }

  setPermissionRequestHandler(handler: RequestHandler): void {
    this.#request = handler
  }

  setPermissionCheckHandler(handler: CheckHandler): void {
    this.#check = handler
  }

  setDevicePermissionHandler(handler: () => boolean): void {
    this.#device = handler
  }

  setSpellCheckerEnabled(enabled: boolean): void {
    this.spellChecks = enabled
  }

  /** Electron grants what no handler decides. */
  grantsRequest(permission: string, url: string, isMainFrame = true): boolean {
    let granted = true
    this.#request?.({ getURL: () => url }, permission, answer => (granted = answer), { isMainFrame })
    return granted
  }

  grantsCheck(permission: string, origin: string, isMainFrame = true): boolean {
    return this.#check?.(null, permission, origin, { isMainFrame }) ?? true
  }

  grantsDevice(): boolean {
    return this.#device?.() ?? true
  }

  letsThrough(url: string): boolean {
    let cancelled = false
    this.#beforeRequest?.({ url }, response => (cancelled = response.cancel === true))
    return !cancelled
  }
}

export const session = { defaultSession: new StandInSession() }
