// Whether the screen is about as wide as a phone's; drawings need other letters then.
import { ref } from 'vue'

const narrow = matchMedia('(max-width: 700px)')
export const isNarrow = ref(narrow.matches)
narrow.addEventListener('change', () => (isNarrow.value = narrow.matches))
