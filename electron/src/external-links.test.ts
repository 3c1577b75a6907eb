import { expect, test } from 'vitest'
import { allowedExternalLink } from './external-links.ts'

test.each([
  ['https://etherscan.io/tx/0x01', 'https://etherscan.io/tx/0x01'],
  ['HTTPS://ETHERSCAN.IO', 'https://etherscan.io/'],
  ['https://etherscan.io:443/', 'https://etherscan.io/'],
  ['https://sepolia.etherscan.io/?a=1#b', 'https://sepolia.etherscan.io/?a=1#b'],
])('%s is opened as %s', (address, opened) => {
  expect(allowedExternalLink(address)).toBe(opened)
})

test.each([
  'http://etherscan.io/',
  'https://etherscan.io.evil.example/',
  'https://evil.example/https://etherscan.io/',
  'https://etherscan.io@evil.example/',
  'https://user:secret@etherscan.io/',
  'https://evil.example\\@etherscan.io/',
  'https://etherscan.io:8443/',
  'https://other.etherscan.io/',
  'https://etherscan.io./',
  'https://еtherscan.io/',
  'file:///etc/passwd',
  'FILE:///C:/Windows/System32/calc.exe',
  'smb://server/share',
  'javascript:alert(1)',
  ' javascript:alert(1)',
  'data:text/html,hello',
  'ms-settings:privacy',
  'emerald://open/posts',
  'etherscan.io',
  '//etherscan.io/',
  '',
])('%j is refused', address => {
  expect(allowedExternalLink(address)).toBeNull()
})
