// Light, dark, or what the machine asks for; a wall is always dark, paper always light.
import { ref } from 'vue'

export type Theme = 'auto' | 'light' | 'dark'

export const theme = ref<Theme>((localStorage.getItem('theme') as Theme | null) ?? 'auto')
const system = matchMedia('(prefers-color-scheme: dark)')
export const isDark = ref(false)
let isWall = false
let isPaper = false

/** Puts the theme chosen on the document, now and when the machine changes its mind. */
export function applyTheme(): void {
  const isAsked = theme.value === 'dark' || (theme.value === 'auto' && system.matches)
  isDark.value = !isPaper && (isWall || isAsked)
  document.documentElement.classList.toggle('dark', isDark.value)
}

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen
  localStorage.setItem('theme', chosen)
  applyTheme()
}

/** Dark whatever was chosen, as long as `on`. */
export function stayDark(on: boolean): void {
  isWall = on
  applyTheme()
}

system.addEventListener('change', applyTheme)
for (const [event, on] of [
  ['beforeprint', true],
  ['afterprint', false],
] as const)
  addEventListener(event, () => {
    isPaper = on
    applyTheme()
  })
