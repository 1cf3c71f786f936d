// The desk's program.
import { createApp } from 'vue'
import 'element-plus/dist/index.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import './desk.css'
import App from './App.vue'
import { router } from './router'

export function start(): void {
  createApp(App).use(router).mount('#app')
}
