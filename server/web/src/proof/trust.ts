// What the reader holds against the server, kept in this browser: a verifier key and a checkpoint that came to them by
// another way than this page. Without a key a proof still leads to a root, and the page says that it is no more.
import { ref, watch } from 'vue'

const kept = (name: string): string => localStorage.getItem(name) ?? ''

export const trusted = { vkey: ref(kept('vkey')), checkpoint: ref(kept('checkpoint')) }

watch(trusted.vkey, (text) => localStorage.setItem('vkey', text.trim()))
watch(trusted.checkpoint, (text) => localStorage.setItem('checkpoint', text))
