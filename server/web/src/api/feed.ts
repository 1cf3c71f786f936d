// The live feed: Server-Sent Events read with fetch, because EventSource cannot send a token. A lost line is
// taken up again from the last event seen, so that nothing is missed and nothing comes twice.
import { ref } from 'vue'
import { haveSeen, headers } from './http'

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

/** Whether the line is up, the newest event that came over it, and a pulse for pages to draw themselves again. */
export const feed = { isUp: ref(false), seq: ref(0), pulse: ref(0) }

const pulseEvery = 3_000
let isPulseDue = false

/** At most one pulse in three seconds, however many events come: pages ask again, they do not count along. */
function beat(): void {
  if (isPulseDue) return
  isPulseDue = true
  setTimeout(() => {
    isPulseDue = false
    feed.pulse.value += 1
  }, pulseEvery)
}

const waitMax = 30_000

/** A role that may not follow all events: its pages ask again by themselves instead. */
class NoFeed extends Error {}

async function listen(signal: AbortSignal): Promise<void> {
  const after = feed.seq.value > 0 ? `?after=${feed.seq.value}` : ''
  const response = await fetch(`/v1/feed${after}`, {
    headers: headers({ accept: 'text/event-stream' }),
    signal,
  })
  if (response.status === 403) throw new NoFeed()
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

function askAgain(signal: AbortSignal): void {
  const timer = setInterval(() => {
    feed.pulse.value += 1
  }, waitMax)
  signal.addEventListener('abort', () => clearInterval(timer))
}

/** Listens until `signal` is aborted; after a loss it tries again, each time waiting twice as long. */
export async function follow(signal: AbortSignal): Promise<void> {
  let wait = 1_000
  while (!signal.aborted) {
    try {
      await listen(signal)
      wait = 1_000
    } catch (error) {
      if (error instanceof NoFeed) return askAgain(signal)
      wait = Math.min(wait * 2, waitMax)
    }
    feed.isUp.value = false
    if (!signal.aborted) await new Promise((done) => setTimeout(done, wait))
  }
}
