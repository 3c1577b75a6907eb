/** Loaded before a node: its system's clock is wrong by as many milliseconds as stand in the file that `FAULTS_CLOCK_FILE` names. */

import { readFileSync } from 'node:fs'

const rightNow = Date.now
let shiftMs = read()
setInterval(() => {
  shiftMs = read()
}, 50).unref()

Date.now = () => rightNow() + shiftMs

function read() {
  return Number(readFileSync(process.env.FAULTS_CLOCK_FILE, 'utf8'))
}
