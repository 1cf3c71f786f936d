// Light, dark, or what the machine asks for.
import { ref } from 'vue'

export type Theme = 'auto' | 'light' | 'dark'

export const theme = ref<Theme>((localStorage.getItem('theme') as Theme | null) ?? 'auto')
const system = matchMedia('(prefers-color-scheme: dark)')
export const isDark = ref(false)

/** Puts the theme chosen on the document, now and when the machine changes its mind. */
export function applyTheme(): void {
  isDark.value = theme.value === 'dark' || (theme.value === 'auto' && system.matches)
  document.documentElement.classList.toggle('dark', isDark.value)
}

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen
  localStorage.setItem('theme', chosen)
  applyTheme()
}

system.addEventListener('change', applyTheme)
