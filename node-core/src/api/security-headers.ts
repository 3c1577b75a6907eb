/** The headers that every answer of a listening door carries, documents and JSON alike. */

import type { ServerResponse } from 'node:http'

/**
 * The UI's component library sets inline styles, hence `'unsafe-inline'` for styles and for nothing else. The WebSocket is
 * listed because not every browser lets `'self'` of an http page cover ws; a literal IPv6 host has no form in a CSP.
 */
function contentSecurityPolicy(port: number): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ws://127.0.0.1:${port} ws://localhost:${port}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** @param port the one that is bound. */
export function setSecurityHeaders(response: ServerResponse, port: number): void {
  const headers = {
    'Content-Security-Policy': contentSecurityPolicy(port),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
}
