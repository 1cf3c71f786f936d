// Two programs behind one address: the desk, and the phone of an enterprise (#/phone...), so that neither loads the
// other's components. An address that leads from one to the other is a new start.
import './style.css'
import { resume } from './api/identity'
import { applyTheme } from './parts/theme'

const isPhone = (): boolean => location.hash.startsWith('#/phone')
const began = isPhone()
addEventListener('hashchange', () => {
  if (isPhone() !== began) location.reload()
})

applyTheme()
const [{ start }] = await Promise.all([began ? import('./phone/start') : import('./desk'), resume()])
start()
