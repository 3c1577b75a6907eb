/** Schemes and their handlers, asked with the address exactly as a test wrote it. */
import { app } from './app.ts'

type Handler = (request: { method: string; url: string }) => Response | Promise<Response>

const handlers = new Map<string, Handler>()

export const protocol = {
  privileged: [] as { scheme: string; privileges?: Record<string, boolean> }[],

  registerSchemesAsPrivileged(schemes: { scheme: string }[]): void {
    if (app.isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    this.privileged.push(...schemes)
  },

  handle(scheme: string, handler: Handler): void {
    if (!app.isReady()) throw new Error('protocol.handle cannot be called before app is ready')
    handlers.set(scheme, handler)
  },

  async request(url: string, method = 'GET'): Promise<Response> {
    const handler = handlers.get(url.slice(0, url.indexOf(':')))
    if (!handler) throw new Error(`ERR_UNKNOWN_URL_SCHEME loading ${url}`)
    return handler({ method, url })
  },
}
