import { createApp } from 'vue'
import 'element-plus/dist/index.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import './style.css'
import App from './App.vue'
import { resume } from './api/identity'
import { router } from './router'
import { applyTheme } from './parts/theme'

applyTheme()
await resume()
createApp(App).use(router).mount('#app')
