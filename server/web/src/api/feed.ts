// The live feed: Server-Sent Events read with fetch, because EventSource cannot send a token. A lost line is
// taken up again from the last event seen, so that nothing is missed and nothing comes twice.
import { ref } from 'vue'
import { haveSeen, headers } from './http'
import { mayReadAll } from './identity'

export interface FeedMessage {
  id: string
  data: string
}

/** Cuts a stream of text into the messages of Server-Sent Events. */
export class FeedParser {
  private rest = ''

  push(text: string): FeedMessage[] {
    this.rest += text
    const blocks = this.rest.split(/\r?\n\r?\n/)
    this.rest = blocks.pop()!
    return blocks
      .map((block) => {
        const lines = block.split(/\r?\n/)
        const field = (name: string): string[] =>
          lines
            .filter((line) => line.startsWith(`${name}:`))
            .map((line) => line.slice(name.length + 1).replace(/^ /, ''))
        return { id: field('id').at(-1) ?? '', data: field('data').join('\n') }
      })
      .filter((message) => message.id !== '' || message.data !== '')
  }
}

/**
 * Whether the line is up, whether this role has one at all, the newest event that came over it, and a pulse for pages to
 * draw themselves again.
 */
export const feed = { isUp: ref(false), isOffered: ref(true), seq: ref(0), pulse: ref(0) }

const pulseEvery = 3_000
let isResting = false
let isPulseDue = false

/** At once, and then at most one pulse in three seconds, however many events come: pages ask again, they do not count along. */
export function beat(): void {
  if (isResting) {
    isPulseDue = true
    return
  }
  isResting = true
  feed.pulse.value += 1
  setTimeout(() => {
    isResting = false
    if (isPulseDue) beat()
    isPulseDue = false
  }, pulseEvery)
}

const waitMax = 30_000
const lightsChange = 60_000

async function listen(signal: AbortSignal): Promise<void> {
  const after = feed.seq.value > 0 ? `?after=${feed.seq.value}` : ''
  const response = await fetch(`/v1/feed${after}`, {
    headers: headers({ accept: 'text/event-stream' }),
    signal,
  })
  if (!response.ok || !response.body) throw new Error(String(response.status))
  feed.isUp.value = true
  const parser = new FeedParser()
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const seqs = parser
      .push(value)
      .map((message) => Number(message.id))
      .filter((seq) => seq > 0)
    if (seqs.length === 0) continue
    feed.seq.value = Math.max(feed.seq.value, ...seqs)
    haveSeen(feed.seq.value)
    beat()
  }
}

/** Pages ask again by themselves: lights change with the time of day, and a role may have no feed. */
function askAgain(every: number, signal: AbortSignal): void {
  const timer = setInterval(beat, every)
  signal.addEventListener('abort', () => clearInterval(timer))
}

/** Listens until `signal` is aborted; after a loss it tries again, each time waiting twice as long. */
export async function follow(signal: AbortSignal): Promise<void> {
  let wait = 1_000
  feed.isOffered.value = mayReadAll('read_events') !== false
  askAgain(feed.isOffered.value ? lightsChange : waitMax, signal)
  if (!feed.isOffered.value) return
  while (!signal.aborted) {
    try {
      await listen(signal)
      wait = 1_000
    } catch {
      wait = Math.min(wait * 2, waitMax)
    }
    feed.isUp.value = false
    if (!signal.aborted) await new Promise((done) => setTimeout(done, wait))
  }
}
